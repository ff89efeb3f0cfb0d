#!/usr/bin/env bash
# Runs the Khronos glTF validator on avatar files; any error or warning fails.
#
#   scripts/validate_avatar.sh FILE.vrm…
#
# Needs: node and npm (the validator is fetched once, into target/).
set -euo pipefail
files=()
for file in "$@"; do
    files+=("$(realpath "$file")")
done
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=scripts/environment.sh
source "$scripts/environment.sh"
if ((${#files[@]} == 0)); then
    say 'name at least one file'
    exit 2
fi
folder="$target_dir/gltf-validator"
if [[ ! -d "$folder/node_modules/gltf-validator" ]]; then
    npm install --silent --prefix "$folder" gltf-validator@2.0.0-dev.3.10
fi
NODE_PATH="$folder/node_modules" node - "${files[@]}" <<'JAVASCRIPT'
const fs = require('fs');
const validator = require('gltf-validator');
(async () => {
    for (const file of process.argv.slice(2)) {
        // Extensions of VRM are unknown to the validator; infos and hints are not faults.
        const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)), {
            maxIssues: 50,
            ignoredIssues: ['MESH_PRIMITIVE_GENERATED_TANGENT_SPACE'], // whoever draws makes tangents by MikkTSpace
        });
        const faults = report.issues.messages.filter((message) => message.severity < 2);
        for (const fault of faults) console.log(`${file}: ${fault.pointer}: ${fault.code}: ${fault.message}`);
        console.log(`${file}: ${report.issues.numErrors} errors, ${report.issues.numWarnings} warnings`);
        if (faults.length > 0) process.exitCode = 1;
    }
})();
JAVASCRIPT
