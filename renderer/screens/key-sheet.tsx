import { bindings } from '../keys.ts'
import { Sheet } from '../parts/dialog.tsx'
import { tk } from '../strings-keys.ts'

const names: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', Enter: '↵' }
const columns = [['Decide'], ['Move', 'Go']] as const

/** All keys, drawn from the table that drives them. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet open onClose={onClose} title={tk.title} wide>
      <div className="grid gap-4">
        <div className="grid items-start gap-x-8 gap-y-4 md:grid-cols-2">
          {columns.map((groups) => (
            <div key={groups[0]} className="grid gap-4">
              {groups.map((group) => (
                <section key={group} aria-label={tk.group[group]}>
                  <h3 className="head mb-1">{tk.group[group]}</h3>
                  <dl className="divide-y divide-line">
                    {bindings
                      .filter((binding) => binding.group === group)
                      .map((binding) => (
                        <div key={binding.command} className="flex items-start justify-between gap-3 py-1">
                          <dt>{binding.label}</dt>
                          <dd className="flex shrink-0 gap-1.5 text-muted">
                            {(binding.shown ? [binding.shown] : binding.keys).map((keys) => (
                              <span key={keys} className="flex gap-0.5">
                                {(binding.shown ? [keys] : keys.split(' ')).map((key) => (
                                  <kbd key={key} className="kbd">
                                    {names[key] ?? key}
                                  </kbd>
                                ))}
                              </span>
                            ))}
                          </dd>
                        </div>
                      ))}
                  </dl>
                </section>
              ))}
            </div>
          ))}
        </div>
        <p className="text-meta text-muted">{tk.note}</p>
      </div>
    </Sheet>
  )
}
