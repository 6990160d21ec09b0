"""Records the definitions of ONNX's operators from the newest `onnx` package: `python record.py > schemas.json`.

Of each operator of the standard set, for each set of ONNX that changed it: the names of its attributes, inputs and outputs. Types are left
out: they are no part of what Featurescope reads. tests/operators.rs compares these with the table of operators in src/onnx/operator/.
"""

import collections
import json

import onnx
from onnx import defs

operators = collections.defaultdict(dict)
for schema in defs.get_all_schemas_with_history():
    if schema.domain:
        continue
    operators[schema.name][schema.since_version] = {
        "attributes": sorted(schema.attributes),
        "inputs": [given.name for given in schema.inputs],
        "outputs": [made.name for made in schema.outputs],
    }

lines = [
    f"    {json.dumps(name)}: {json.dumps({str(since): operators[name][since] for since in sorted(operators[name])})}"
    for name in sorted(operators)
]
print(f'{{\n  "onnx": "{onnx.__version__}",\n  "set": {defs.onnx_opset_version()},\n  "operators": {{')
print(",\n".join(lines))
print("  }\n}")
