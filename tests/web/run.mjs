// The day of a person in the browser. Usage: node run.mjs EMPTY_INSTANCE [DEMO_INSTANCE]
// On the empty one: set up, connect (HIBIKI_TEST_SERVICE: the practice network), compose, schedule, drag, publish, queue, numbers; then the door: 2FA, recovery.
// Then connecting, health, replies, the calendar and approvals beside the practice networks (HIBIKI_TEST_PRACTICE: what `hibiki practice --json` said).
// HIBIKI_WEB_PARTS=drill,findings: only those of the demo, by name.
// On the demo: every screen × theme × width with axe, no console error, nothing wider than the screen.
// Then planning: campaigns, ideas, tasks; posts as a table; and the check screen. Then one post for several networks, the composer's own tools (words kept, findings, versions), and what a tired person does there.
import { launch, Runner } from './browser.mjs'
import { connecting } from './accounts.mjs'
import { approvals } from './approvals.mjs'
import { audience } from './audience.mjs'
import { bulk } from './bulk.mjs'
import { rivals } from './rivals.mjs'
import { numbers } from './numbers.mjs'
import { results } from './results.mjs'
import { calendar } from './calendar.mjs'
import { checking } from './check.mjs'
import { composer, twoPeople } from './composer.mjs'
import { dayOfAPerson } from './day.mjs'
import { door } from './door.mjs'
import { contacts } from './contacts.mjs'
import { findings } from './findings.mjs'
import { goals } from './goals.mjs'
import { library } from './library.mjs'
import { links } from './links.mjs'
import { planning } from './plan.mjs'
import { replies } from './replies.mjs'
import { reports } from './reports.mjs'
import { drill } from './drill.mjs'
import { everyScreen } from './screens.mjs'
import { aTiredPerson } from './tired.mjs'
import { ugc } from './ugc.mjs'
import { variants } from './variants.mjs'

const [base, demo] = process.argv.slice(2)
if (!base) {
  console.error('usage: node run.mjs EMPTY_INSTANCE [DEMO_INSTANCE]')
  process.exit(2)
}
const onDemo = { everyScreen, planning, bulk, results, goals, drill, numbers, findings, audience, rivals, reports, library, links, contacts, checking, variants, composer, aTiredPerson }
const wanted = process.env.HIBIKI_WEB_PARTS?.split(',')
const runner = new Runner()
const browser = await launch()
try {
  if (!wanted) {
    await dayOfAPerson(runner, browser, base, process.env.HIBIKI_TEST_SERVICE)
    await door(runner, browser, base)
  }
  if (!wanted && process.env.HIBIKI_TEST_PRACTICE) {
    const practice = JSON.parse(process.env.HIBIKI_TEST_PRACTICE)
    await connecting(runner, browser, base, practice)
    await replies(runner, browser, base, practice)
    await ugc(runner, browser, base, practice)
    await calendar(runner, browser, base)
    await twoPeople(runner, browser, base)
    await approvals(runner, browser, base)
  }
  for (const name of demo ? (wanted ?? Object.keys(onDemo)) : []) await onDemo[name](runner, browser, demo)
} finally {
  await browser.close()
}
process.exit(runner.end())
