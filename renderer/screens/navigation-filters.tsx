import { Bookmark } from 'lucide-react'
import { useRoute } from '../route.ts'
import { filterAt, filterHash } from '../saved-filters.ts'
import { useFilters } from '../store/filters.ts'
import { visible } from '../visible-text.ts'

/** Two letters that stand for a name where there is room for no more. */
function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [name]
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...words[0]!].slice(0, 2)
  return letters.join('').toUpperCase()
}

/** Saved filters, under the views that they are parts of. On a phone they are in the choice of the view. */
export function FilterLinks() {
  const filters = useFilters()
  const current = filterAt(filters, useRoute())
  return filters.map((filter, index) => {
    const here = index === current
    const name = visible(filter.name)
    return (
      <li key={filter.name} className="max-md:hidden">
        <a
          href={filterHash(filter)}
          aria-current={here ? 'page' : undefined}
          title={name}
          className={`flex items-center gap-3 rounded-control py-1.5 max-xl:justify-center xl:px-[11px] ${here ? 'bg-picked font-semibold text-ink' : 'text-muted hover:bg-hover hover:text-ink'}`}
        >
          <Bookmark size={15} className={`shrink-0 max-xl:hidden ${here ? 'text-accent' : ''}`} aria-hidden />
          <span className="truncate max-xl:sr-only">{name}</span>
          <span className="text-[11px] leading-4 font-semibold xl:hidden" aria-hidden="true">
            {initials(name)}
          </span>
        </a>
      </li>
    )
  })
}
