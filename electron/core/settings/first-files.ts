/** `config.yaml` as a new home gets it: nothing set, everything explained. */
export const firstConfig = `# Countersign: configuration of this home.
#
# Everything has a default; what is commented out shows it. A change is in force within seconds; only "http" waits for the next
# start. Settings changed in the application are written here, and comments stay. A misspelt name is an error, never silently
# ignored: "countersign doctor" says where it stands, and what was in force before stays so.

# Whose inbox this is. The first start asks for it.
# owner:
#   name: Ana Silva
#   email: ana@example.com

# What notifications, tray and menus speak, and what the model writes: en or de. Each page speaks its reader's own language.
# language: en

# http:
#   port: 7171            # 0 takes any free port
#   hosts: []             # names besides localhost, 127.0.0.1 and [::1] under which it may be asked for, e.g. [inbox.lan]

# limits:
#   requests_per_minute: 60000   # of each submitting credential
#   burst: 20000
#   body_bytes: 262144           # larger requests are refused
#   pending: 200000              # above this many waiting approvals new requests are refused

# The local model that summarises requests (https://github.com/ollama/ollama). Without it everything else works.
# model:
#   enabled: true
#   host: http://127.0.0.1:11434
#   name: llama3.2               # install it with: ollama pull llama3.2

# notifications:
#   new_requests: true
#   deadlines: true

# What is done once a request of a type is approved. Its JSON answer becomes part of the result ("payment_id", "deployment_id").
# Each has to take the same idempotency key twice without doing its work twice.
# actions:
#   # As an HTTP call: the payload is POSTed as JSON; the key is in the Idempotency-Key header.
#   expense:
#     url: http://127.0.0.1:8080/payments
#     headers:
#       Authorization: Bearer replace-me
#     timeout_seconds: 30
#   # As a command: the payload is JSON on its standard input; the key is in COUNTERSIGN_IDEMPOTENCY_KEY.
#   deployment:
#     command: [./deploy.sh, --from-approval]
#     cwd: /srv/deployments
#     timeout_seconds: 600

# undo:
#   seconds: 5                   # how long an answer given in the inbox can be taken back before it leaves; a high risk twice as long; 0: not at all

# deliveries:
#   timeout_seconds: 20          # how long a source's callback may take to answer

# People, with all their addresses: who asks under one of them does not decide under another.
# people:
#   - email: bo@example.com
#     name: Bo Berg
#     aliases: [b.berg@example.org]
#     backup: cy@example.com       # decides instead while Bo is away
#     assistants: []               # may decide for Bo at any time; both names are recorded
#     away:
#       from: 2026-07-01T00:00:00Z
#       until: 2026-07-15T00:00:00Z

# Approvers are named by e-mail, or as "group:finance".
# groups:
#   finance: [bo@example.com, cy@example.com]
#   board:
#     label: The board
#     members: [di@example.com]

# Decisions handed to somebody for a time, if wanted for some types and up to an amount. They end by themselves.
# delegations:
#   - from: di@example.com
#     to: bo@example.com
#     starts_at: 2026-07-01T00:00:00Z
#     ends_at: 2026-07-15T00:00:00Z
#     types: [expense]
#     max_amount: 5000
#     currency: EUR
#     reason: Travelling

# When you are interrupted. What "notifications" turns off is never told.
# alerts:
#   webhook: http://127.0.0.1:9000/alerts   # is told, by POST, that a run needs somebody to look at it
#   sound: false                 # two soft tones
#   renag_minutes: 15            # once more, so long before a deadline
#   digest_minutes: 60           # how often what a rule keeps for a digest is told
#   quiet:
#     from: "20:00"              # local time
#     until: "07:00"
#     days: [sat, sun]           # the whole day
#     let_through: urgent        # what interrupts all the same: urgent, high (that and a high risk) or none
#   rules:                       # for new requests: now, digest or never; the first that fits counts
#     - risk: low
#       new: digest

# Lists saved under a name, in the order of the sidebar; at most 20. "Save this filter" in a list writes them.
# filters:
#   - name: Large refunds
#     view: inbox                # inbox, due_soon, waiting, snoozed, done or all
#     search: type:refund over:1000
#     sort: amount               # due, newest, oldest, decided, amount or risk; the view's own if left out
`
