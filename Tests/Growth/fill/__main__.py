"""fill FOLDER ROWS: puts rows into the databases of a target that has been started once and does not run."""

import sys

import contacts
import conversations
import gateway
import router
import templates

folder, rows = sys.argv[1], int(sys.argv[2])
for process in (router, gateway, templates, conversations, contacts):
    print(process.fill(folder, rows), file=sys.stderr)
