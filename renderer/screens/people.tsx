import { Notice } from '../parts/notice.tsx'
import { Bones, Page, TabLinks } from '../parts/page.tsx'
import { toHash, useRoute } from '../route.ts'
import { type PeopleDesk, usePeople } from '../store/people.ts'
import { t } from '../strings.ts'
import { tp } from '../strings-people.ts'
import { DelegationsPart } from './people-delegations.tsx'
import { GroupsPart } from './people-groups.tsx'
import { PersonsPart } from './people-persons.tsx'
import { YouPart } from './people-you.tsx'

const tabs = ['people', 'groups', 'delegations'] as const
type Tab = (typeof tabs)[number]

const isTab = (text: string | null): text is Tab => tabs.some((tab) => tab === text)

/** People, groups and delegations, and whether you are here yourself. */
export function PeopleScreen() {
  const { id } = useRoute()
  const loaded = usePeople()
  const tab = isTab(id) ? id : 'people'
  return (
    <Page id="people-title" title={tp.title} help={tp.help}>
      {loaded.state === 'loading' && <Bones rows={5} />}
      {loaded.state === 'failed' && (
        <Notice title={tp.failed} text={loaded.failure.message}>
          <button type="button" className="btn" onClick={loaded.again}>
            {t.retry}
          </button>
        </Notice>
      )}
      {loaded.state === 'ready' && <Parts desk={loaded.desk} tab={tab} />}
    </Page>
  )
}

function Parts({ desk, tab }: { desk: PeopleDesk; tab: Tab }) {
  const { people, groups, delegations } = desk.view
  const notes = { people: people.length, groups: groups.length, delegations: delegations.length }
  return (
    <>
      {desk.mayDecide && <YouPart desk={desk} />}
      <TabLinks
        label={tp.tabs.label}
        tabs={tabs.map((each) => ({
          href: toHash({ view: 'people', id: each }),
          label: tp.tabs[each],
          here: tab === each,
          note: notes[each] > 0 ? String(notes[each]) : '',
        }))}
      />
      {tab === 'people' && <PersonsPart desk={desk} />}
      {tab === 'groups' && <GroupsPart desk={desk} />}
      {tab === 'delegations' && <DelegationsPart desk={desk} />}
    </>
  )
}
