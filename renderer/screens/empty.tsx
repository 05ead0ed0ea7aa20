import { CircleCheckBig } from 'lucide-react'
import { useEffect, useState } from 'react'
import { NextAlert } from '../parts/next-alert.tsx'
import { Notice } from '../parts/notice.tsx'
import { toHash } from '../route.ts'
import { useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'

/** An empty inbox is a reward: it says what was done today. */
export function EmptyInbox() {
  const { client } = useInboxHandle()
  const [today, setToday] = useState<number | null>(null)
  useEffect(() => {
    let current = true
    const midnight = new Date().setHours(0, 0, 0, 0)
    client.approvals
      .list({ status: 'approved,rejected', sort: 'decided', limit: 200 })
      .then((page) => current && setToday(page.items.filter((item) => Date.parse(item.decided_at ?? '') >= midnight).length))
      .catch(() => current && setToday(null))
    return () => {
      current = false
    }
  }, [client])
  return (
    <Notice
      icon={<CircleCheckBig size={32} strokeWidth={1.5} aria-hidden />}
      title={t.empty.title}
      text={`${today === null ? '' : `${t.empty.today(today)} `}${t.empty.next}`}
    >
      <a href={toHash({ view: 'settings' })} className="btn">
        {t.empty.how}
      </a>
      <NextAlert quietly />
    </Notice>
  )
}
