"""What an answer carries beside what is asked: names, evidence, what was in force, why it is empty,
how it is cited.

Doors: ``citations``, ``empty``, ``enriched_tables``, ``enrichment``, ``found``, ``results_json``.

May use: ``dataset``, ``mends``, ``slips``, ``sparql``, ``things``.
"""
