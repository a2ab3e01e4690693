#!/bin/sh
# The triggers of a YAML file, in the place of those of the prefect.yaml.
set -eu
cd "$(dirname "$0")/../flows"
prefect --no-prompt deploy --name test-deployment --prefect-file ../triggers/prefect.yaml --trigger ../triggers/triggers.yaml
