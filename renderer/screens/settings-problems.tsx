import type { SettingsView } from '../../shared/contract/settings.ts'
import { tal } from '../strings-alerts.ts'
import { visible } from '../visible-text.ts'

/** `config.yaml` as somebody edited it, with line and column of each mistake. On every part of the settings: nothing can be saved meanwhile. */
export function FileProblems({ problems }: { problems: SettingsView['problems'] }) {
  return (
    <div role="alert" className="rounded-card bg-amber-soft px-4 py-3">
      <p className="font-medium">{tal.problems}</p>
      <ul className="mt-1 grid gap-0.5 text-meta">
        {problems.map(({ pointer, message }) => (
          <li key={pointer + message} className="wrap-anywhere">
            <code className="font-mono">{visible(pointer)}</code> {visible(message)}
          </li>
        ))}
      </ul>
    </div>
  )
}
