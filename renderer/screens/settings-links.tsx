import { ChevronRight } from 'lucide-react'
import { toHash, type View } from '../route.ts'
import { useModel } from '../store/model.ts'
import { useSources } from '../store/sources.ts'
import { t } from '../strings.ts'
import { tau } from '../strings-audit.ts'
import { tsr } from '../strings-sources.ts'
import { tgo } from '../strings-start.ts'
import { welcomeProgress } from '../welcome-progress.ts'

/** What has a view of its own, and the first steps until they are done. */
export function LinkSection() {
  const { view } = useSources()
  const model = useModel()
  const started = view === null || model.view === null || welcomeProgress(view, model.view).finished === 3
  return (
    <ul className="card divide-y divide-line">
      {!started && <Entry view="welcome" title={tgo.title} text={tgo.help} />}
      <Entry view="sources" title={t.nav.sources} text={tsr.help} />
      <Entry view="audit" title={t.nav.audit} text={tau.help} />
    </ul>
  )
}

function Entry({ view, title, text }: { view: View; title: string; text: string }) {
  return (
    <li>
      <a
        href={toHash({ view })}
        className="flex items-center justify-between gap-4 px-4 py-3 hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="min-w-0">
          <span className="block font-medium">{title}</span>
          <span className="block text-muted text-pretty">{text}</span>
        </span>
        <ChevronRight size={16} className="shrink-0 text-muted" aria-hidden />
      </a>
    </li>
  )
}
