"""The grammar of SPARQL 1.1 queries, as text.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar, rules 1 to 136, in the standard's notation:
``?``, ``*``, ``+``, ``|`` and parentheses. A text after the name of a rule is what a person is told
when the rule could begin at some place; without one, it is told by its first parts.
"""

from __future__ import annotations

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
OrRest "an operator": ('||' ConditionalAndExpression OrRest)?
ConditionalAndExpression "an expression": RelationalExpression AndRest
AndRest "an operator": ('&&' RelationalExpression AndRest)?
RelationalExpression "an expression": AdditiveExpression RelationalRest
RelationalRest "an operator": (('=' | '!=' | '<' | '>' | '<=' | '>=') AdditiveExpression
  | 'IN' ExpressionList | 'NOT' 'IN' ExpressionList)?
AdditiveExpression "an expression": MultiplicativeExpression AdditiveRest
AdditiveRest "an operator": (('+' | '-') MultiplicativeExpression AdditiveRest
  | SIGNED MultiplicativeRest AdditiveRest)?
MultiplicativeExpression "an expression": UnaryExpression MultiplicativeRest
MultiplicativeRest "an operator": (('*' | '/') UnaryExpression MultiplicativeRest)?
UnaryExpression "an expression": '!' UnaryExpression | ('+' | '-')? PrimaryExpression
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
NewOneArgument: 'ISTRIPLE' | 'SUBJECT' | 'PREDICATE' | 'OBJECT' | 'LANGDIR' | 'HASLANG'
  | 'HASLANGDIR'
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
"""The standard's, and what the engine takes beyond it: ``!!``, and functions of SPARQL 1.2.

Those are NewOneArgument, ADJUST, TRIPLE and STRLANGDIR.
"""

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
