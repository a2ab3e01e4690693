#!/bin/sh
# A trigger as a JSON string: a run whenever one of the deployment `upstream` has completed.
set -eu
cd "$(dirname "$0")/../flows"
prefect --no-prompt deploy --name test-deployment --prefect-file ../triggers/prefect.yaml --trigger '{
  "enabled": true,
  "match": {"prefect.resource.id": "prefect.flow-run.*"},
  "match_related": {"prefect.resource.role": "deployment", "prefect.resource.name": "upstream"},
  "expect": ["prefect.flow-run.Completed"]
}'
