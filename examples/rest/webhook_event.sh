#!/bin/sh
# Says from outside that something was called, and how many runs there are: an event, which an automation waits for.
# `sh webhook_event.sh 3`, with PREFECT_API_URL set.
set -eu
curl --silent --show-error --fail "$PREFECT_API_URL/events" \
  --header "Content-Type: application/json" \
  --header "Authorization: Bearer ${PREFECT_API_KEY:-}" \
  --data '[{
    "id": "'"$(cat /proc/sys/kernel/random/uuid)"'",
    "occurred": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'",
    "event": "demo.called",
    "resource": {"prefect.resource.id": "demo"},
    "payload": {"run_count": '"$1"'}
  }]'
