"""The grammar of SPARQL 1.1 queries, and the tables of an LL(1) recogniser made of it.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar, rules 1 to 136, in the notation of the standard:
``?``, ``*``, ``+``, ``|`` and parentheses. A text after the name of a rule is what a person is told
when the rule could begin at some place; without one, it is told by its first parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

GRAMMAR = """
Query: Prologue (SelectQuery | ConstructQuery | DescribeQuery | AskQuery) ValuesClause END
Prologue: (BaseDecl | PrefixDecl)*
BaseDecl: 'BASE' IRIREF
PrefixDecl: 'PREFIX' PNAME_NS IRIREF
SelectQuery: SelectClause DatasetClause* WhereClause SolutionModifier
SubSelect: SelectClause WhereClause SolutionModifier ValuesClause
SelectClause: 'SELECT' ('DISTINCT' | 'REDUCED')? (Projection+ | '*')
Projection: Var | '(' Expression 'AS' Var ')'
ConstructQuery: 'CONSTRUCT' (ConstructTemplate DatasetClause* WhereClause SolutionModifier
  | DatasetClause* 'WHERE' '{' TriplesTemplate? '}' SolutionModifier)
DescribeQuery: 'DESCRIBE' (VarOrIri+ | '*') DatasetClause* WhereClause? SolutionModifier
AskQuery: 'ASK' DatasetClause* WhereClause SolutionModifier
DatasetClause: 'FROM' (Iri | 'NAMED' Iri)
WhereClause: 'WHERE'? GroupGraphPattern
SolutionModifier: GroupClause? HavingClause? OrderClause? LimitOffset?
GroupClause "GROUP BY": 'GROUP' 'BY' GroupCondition+
GroupCondition: Var | BuiltInCall | FunctionCall | '(' Expression ('AS' Var)? ')'
HavingClause: 'HAVING' Constraint+
OrderClause "ORDER BY": 'ORDER' 'BY' OrderCondition+
OrderCondition: Var | ('ASC' | 'DESC') BrackettedExpression | Constraint
LimitOffset "LIMIT": LimitClause OffsetClause? | OffsetClause LimitClause?
LimitClause: 'LIMIT' INTEGER
OffsetClause: 'OFFSET' INTEGER
ValuesClause: ('VALUES' DataBlock)?
GroupGraphPattern: '{' (SubSelect | GroupGraphPatternSub) '}'
GroupGraphPatternSub: TriplesBlock? (GraphPatternNotTriples '.'? TriplesBlock?)*
TriplesBlock "a triple": TriplesSameSubjectPath ('.' TriplesBlock?)?
GraphPatternNotTriples "a pattern such as OPTIONAL or FILTER": GroupOrUnionGraphPattern
  | 'OPTIONAL' GroupGraphPattern | 'MINUS' GroupGraphPattern | 'GRAPH' VarOrIri GroupGraphPattern
  | 'SERVICE' 'SILENT'? VarOrIri GroupGraphPattern | 'FILTER' Constraint
  | 'BIND' '(' Expression 'AS' Var ')' | 'VALUES' DataBlock
GroupOrUnionGraphPattern: GroupGraphPattern ('UNION' GroupGraphPattern)*
DataBlock: Var '{' DataBlockValue* '}'
  | (NIL | '(' Var* ')') '{' (NIL | '(' DataBlockValue* ')')* '}'
DataBlockValue: Iri | RDFLiteral | NumericLiteral | BooleanLiteral | 'UNDEF'
Constraint: BrackettedExpression | BuiltInCall | FunctionCall
FunctionCall: Iri ArgList
ArgList: NIL | '(' 'DISTINCT'? Expression (',' Expression)* ')'
ExpressionList: NIL | '(' Expression (',' Expression)* ')'
ConstructTemplate: '{' TriplesTemplate? '}'
TriplesTemplate "a triple": TriplesSameSubject ('.' TriplesTemplate?)?
TriplesSameSubject: VarOrTerm PropertyListNotEmpty | TriplesNode PropertyListNotEmpty?
PropertyListNotEmpty: Verb ObjectList (';' (Verb ObjectList)?)*
Verb "a predicate (a variable, an IRI or 'a')": VarOrIri | 'a'
ObjectList: GraphNode (',' GraphNode)*
TriplesSameSubjectPath: VarOrTerm PropertyListPathNotEmpty
  | TriplesNodePath PropertyListPathNotEmpty?
PropertyListPathNotEmpty: VerbPath ObjectListPath (';' (VerbPath ObjectListPath)?)*
VerbPath "a predicate (a variable, an IRI or a path)": Var | Path
ObjectListPath: GraphNodePath (',' GraphNodePath)*
Path: PathSequence ('|' PathSequence)*
PathSequence: PathEltOrInverse ('/' PathEltOrInverse)*
PathEltOrInverse "an IRI or a path": PathElt | '^' PathElt
PathElt "an IRI": PathPrimary ('?' | '*' | '+')?
PathPrimary: Iri | 'a' | '!' PathNegatedPropertySet | '(' Path ')'
PathNegatedPropertySet: PathOneInPropertySet | NIL
  | '(' (PathOneInPropertySet ('|' PathOneInPropertySet)*)? ')'
PathOneInPropertySet "an IRI": Iri | 'a' | '^' (Iri | 'a')
TriplesNode: '(' GraphNode+ ')' | '[' PropertyListNotEmpty ']'
TriplesNodePath: '(' GraphNodePath+ ')' | '[' PropertyListPathNotEmpty ']'
GraphNode "an object (a variable, an IRI or a literal)": VarOrTerm | TriplesNode
GraphNodePath "an object (a variable, an IRI or a literal)": VarOrTerm | TriplesNodePath
VarOrTerm: Var | Iri | RDFLiteral | NumericLiteral | BooleanLiteral | BlankNode | NIL
VarOrIri: Var | Iri
Var: VAR
Expression "an expression": ConditionalAndExpression OrRest
OrRest "an operator": ('||' ConditionalAndExpression)*
ConditionalAndExpression "an expression": RelationalExpression AndRest
AndRest "an operator": ('&&' RelationalExpression)*
RelationalExpression "an expression": AdditiveExpression RelationalRest
RelationalRest "an operator": (('=' | '!=' | '<' | '>' | '<=' | '>=') AdditiveExpression
  | 'IN' ExpressionList | 'NOT' 'IN' ExpressionList)?
AdditiveExpression "an expression": MultiplicativeExpression AdditiveRest
AdditiveRest "an operator": (('+' | '-') MultiplicativeExpression | SIGNED MultiplicativeRest)*
MultiplicativeExpression "an expression": UnaryExpression MultiplicativeRest
MultiplicativeRest "an operator": (('*' | '/') UnaryExpression)*
UnaryExpression "an expression": ('!' | '+' | '-')? PrimaryExpression
PrimaryExpression "an expression": BrackettedExpression | BuiltInCall | Iri ArgList? | RDFLiteral
  | NumericLiteral | BooleanLiteral | Var
BrackettedExpression: '(' Expression ')'
BuiltInCall "a function": NoArgument NIL | OneArgument '(' Expression ')'
  | TwoArguments '(' Expression ',' Expression ')' | 'BOUND' '(' Var ')'
  | ThreeArguments '(' Expression ',' Expression ',' Expression ')'
  | 'BNODE' ('(' Expression ')' | NIL) | ('CONCAT' | 'COALESCE') ExpressionList
  | ('REGEX' | 'SUBSTR') '(' Expression ',' Expression (',' Expression)? ')'
  | 'REPLACE' '(' Expression ',' Expression ',' Expression (',' Expression)? ')'
  | 'EXISTS' GroupGraphPattern | 'NOT' 'EXISTS' GroupGraphPattern | Aggregate
NoArgument: 'RAND' | 'NOW' | 'UUID' | 'STRUUID'
OneArgument: 'STR' | 'LANG' | 'DATATYPE' | 'IRI' | 'URI' | 'ABS' | 'CEIL' | 'FLOOR' | 'ROUND'
  | 'STRLEN' | 'UCASE' | 'LCASE' | 'ENCODE_FOR_URI' | 'YEAR' | 'MONTH' | 'DAY' | 'HOURS'
  | 'MINUTES' | 'SECONDS' | 'TIMEZONE' | 'TZ' | 'MD5' | 'SHA1' | 'SHA256' | 'SHA384' | 'SHA512'
  | 'ISIRI' | 'ISURI' | 'ISBLANK' | 'ISLITERAL' | 'ISNUMERIC' | NewOneArgument
NewOneArgument: 'ISTRIPLE' | 'SUBJECT' | 'PREDICATE' | 'OBJECT' | 'LANGDIR' | 'HASLANG' | 'HASLANGDIR'
TwoArguments: 'LANGMATCHES' | 'CONTAINS' | 'STRSTARTS' | 'STRENDS' | 'STRBEFORE' | 'STRAFTER'
  | 'STRLANG' | 'STRDT' | 'SAMETERM' | 'ADJUST'
ThreeArguments: 'IF' | 'TRIPLE' | 'STRLANGDIR'
Aggregate: 'COUNT' '(' 'DISTINCT'? ('*' | Expression) ')'
  | ('SUM' | 'MIN' | 'MAX' | 'AVG' | 'SAMPLE') '(' 'DISTINCT'? Expression ')'
  | 'GROUP_CONCAT' '(' 'DISTINCT'? Expression (';' 'SEPARATOR' '=' STRING)? ')'
RDFLiteral "a literal": STRING (LANGTAG | '^^' Iri)?
NumericLiteral "a literal": INTEGER | DECIMAL | SIGNED
BooleanLiteral "a literal": 'TRUE' | 'FALSE'
Iri "an IRI": IRIREF | PNAME_LN | PNAME_NS
BlankNode "a blank node": BLANK_NODE_LABEL | ANON
"""
"""NewOneArgument, ADJUST, TRIPLE and STRLANGDIR are of SPARQL 1.2; the engine knows them."""

START, END = "Query", "END"

CLASSES = {
    "IRIREF": "an IRI in angle brackets",
    "PNAME_NS": "a prefix with its ':'",
    "PNAME_LN": "an IRI",
    "VAR": "a variable",
    "STRING": "a string",
    "LANGTAG": "a language tag",
    "INTEGER": "a whole number",
    "DECIMAL": "a number",
    "SIGNED": "a number",
    "BLANK_NODE_LABEL": "a blank node",
    "NIL": "'()'",
    "ANON": "a blank node",
    END: "the end of the query",
}
"""The terminals that stand for many texts, in words."""

_RULE = re.compile(r'^(\w+)(?: "([^"]+)")?:((?:.|\n(?= ))+)', re.MULTILINE)
_PART = re.compile(r"'[^']+'|\w+|[()|?*+]")

Production = tuple[str, ...]


class _Reader:
    """Turns the notation of the standard into productions; what is in parentheses gets a name."""

    def __init__(self) -> None:
        self.productions: dict[str, list[Production]] = {}
        self.labels: dict[str, str] = {}
        self._parts: list[str] = []

    def read(self, grammar: str) -> None:
        """Read all rules of a grammar."""
        for name, label, parts in _RULE.findall(grammar):
            self._parts = _PART.findall(parts)[::-1]
            self.productions[name] = self._alternatives()
            if label:
                self.labels[name] = label

    def _alternatives(self) -> list[Production]:
        found = [self._sequence()]
        while self._parts and self._parts[-1] == "|":
            self._parts.pop()
            found.append(self._sequence())
        return found

    def _sequence(self) -> Production:
        found: list[str] = []
        while self._parts and self._parts[-1] not in ("|", ")"):
            found += self._repeated(self._symbol())
        return tuple(found)

    def _symbol(self) -> str:
        part = self._parts.pop()
        if part != "(":
            return part.strip("'")
        name = self._name(self._alternatives())
        self._parts.pop()
        return name

    def _repeated(self, symbol: str) -> Production:
        if not self._parts or self._parts[-1] not in ("?", "*", "+"):
            return (symbol,)
        sign = self._parts.pop()
        if sign == "?":
            return (self._name([(symbol,), ()]),)
        more = self._name([])
        self.productions[more] += [(symbol, more), ()]
        return (more,) if sign == "*" else (symbol, more)

    def _name(self, productions: list[Production]) -> str:
        name = f"#{len(self.productions)}"
        self.productions[name] = productions
        return name


_reader = _Reader()
_reader.read(GRAMMAR)
_PRODUCTIONS, _LABELS = _reader.productions, _reader.labels


@cache
def _nullable(symbol: str) -> bool:
    return any(all(map(_nullable, production)) for production in _PRODUCTIONS.get(symbol, ()))


@cache
def first(symbol: str) -> frozenset[str]:
    """The terminals that a symbol can begin with."""
    if symbol not in _PRODUCTIONS:
        return frozenset({symbol})
    return frozenset().union(*map(_first_of, _PRODUCTIONS[symbol]))


def _first_of(production: Production) -> frozenset[str]:
    return frozenset().union(*map(first, _beginnings(production)))


def _beginnings(production: Production) -> Iterator[str]:
    for symbol in production:
        yield symbol
        if not _nullable(symbol):
            return


@cache
def described(symbol: str) -> tuple[str, ...]:
    """What can stand where a symbol can begin, in words, the nearest first."""
    if symbol in _LABELS:
        return (_LABELS[symbol],)
    if symbol in CLASSES:
        return (CLASSES[symbol],)
    if symbol not in _PRODUCTIONS:
        return (symbol if symbol.isidentifier() and symbol != "a" else f"'{symbol}'",)
    return tuple(
        words
        for production in _PRODUCTIONS[symbol]
        for beginning in _beginnings(production)
        for words in described(beginning)
    )


def _row(symbol: str) -> dict[str, Production]:
    row: dict[str, Production] = {}
    for production in _PRODUCTIONS[symbol]:
        for terminal in _first_of(production):
            if terminal in row:
                raise ValueError(f"{symbol} may begin with {terminal} in two ways")
            row[terminal] = production[::-1]
    return row


TABLE = {symbol: _row(symbol) for symbol in _PRODUCTIONS}
"""For each rule and terminal, the production to take, last symbol first."""

NULLABLE = frozenset(filter(_nullable, _PRODUCTIONS))
"""The rules that may stand for nothing."""

KEYWORDS = frozenset(
    symbol
    for productions in _PRODUCTIONS.values()
    for production in productions
    for symbol in production
    if symbol not in _PRODUCTIONS and symbol not in CLASSES and symbol[0].isalpha()
) - {"a"}
"""The words of the grammar, in capitals; ``a`` alone is told from ``A``."""
