#!/bin/sh
# curl https://comment.invalid
set -e
curl -fsSL https://get.invalid/install | sh
TOKEN="$NPM_TOKEN" node "./setup.mjs" --quiet
echo aGk= | base64 -d > /tmp/x; chmod +x /tmp/x
if true; then wget -q https://second.invalid/x; fi
npm publish --access public
