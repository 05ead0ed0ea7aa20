/** `policy.yaml` as a new home gets it. */
export const firstPolicy = `# Countersign: what needs a person, whom, for how long, and who may not decide.
#
# Everything has a default; what is commented out shows it. A change is in force as soon as the file is saved; one with mistakes is
# not, and "countersign policy check" says where they are.

# Expenses at or below the threshold are approved automatically, and the record says by which rule.
# expense:
#   threshold: 1000
#   currency: EUR                # an expense in another currency always goes to a person
#   departments:                 # their own thresholds, compared without case
#     engineering: 2500
#     marketing: 500
#   timeout_hours: 48

# deployment:
#   timeout_hours: 2

# batch:
#   timeout_hours: 24

# Every other type of request, unless it brings its own timeout_hours.
# request:
#   timeout_hours: 24

# Requesters do not approve their own requests. In an installation with one person "sole_operator" lets that person do it;
# the record says so each time.
# self_approval: never

# What ran out while the machine slept can still be answered for so long after it woke up.
# grace_minutes: 10

# Whom else to ask while nobody answers, by department. A group that nobody is in yet is passed over.
escalation:
  default:
    - to: [group:directors]
      after_hours: 8

# Rules by request type, in order: the first whose condition holds decides; those under "*" come after those of the type, and the
# thresholds above come last. Where none holds a person is asked. "sender" is the approver whom the request names, else the owner.
rules:
  expense:
    # Two different people, each with a credential of their own. While nobody is in group:directors, the second one is anybody
    # who may decide.
    - name: two-people-over-10000
      when: amount > 10000.0
      action: require_approval
      approvers: [sender, group:directors]
      votes: 2
  # deployment:
  #   - name: staging-by-itself
  #     when: environment == "staging"
  #     action: auto_approve
  # training:
  #   - name: cheap-enough
  #     when: amount >= 0.0 && amount < 100.0
  #     action: auto_approve
`
