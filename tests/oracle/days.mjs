// Writes what the days of rules/calendar/ are computed from, and what they are held against.
//
//   npm install --prefix DIR @holiday-jp/holiday_jp@2.5.1 astronomy-engine@2.1.19 lunar-javascript@1.7.7     (any folder outside the tree)
//   node tests/oracle/days.mjs DIR tables > rules/calendar/tables.json
//   node tests/oracle/days.mjs DIR holidays > tests/data/holidays.txt
//
// tables: solar terms are the Japanese civil days on which the sun's longitude passes multiples of 15°; the days of the ox in summer are those of
// the eighteen days before the start of autumn; the old calendar's months are lunar-javascript's with the new moon taken in Japan's time.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [dir, what] = process.argv.slice(2)
const require = createRequire(dir + '/node_modules/')
const FROM = 2000, UNTIL = 2060, DAY = 86400e3
const version = (name) => `${name} ${JSON.parse(readFileSync(`${dir}/node_modules/${name}/package.json`, 'utf8')).version}`

function tables() {
  const astronomy = require('astronomy-engine')
  const { Lunar } = require('lunar-javascript')
  const japan = (instant) => new Date(Math.floor((instant.getTime() + 9 * 3600e3) / DAY) * DAY)
  const day = (date) => date.toISOString().slice(5, 10)
  const years = (of) => Object.fromEntries(Array.from({ length: UNTIL - FROM + 1 }, (_, i) => [FROM + i, of(FROM + i)]))
  const crossing = (year, degrees) => {
    const about = Date.UTC(year, 0, 5) + ((degrees + 75) % 360) / 15 * 15.2185 * DAY
    return japan(astronomy.SearchSunLongitude(degrees, new Date(about - 6 * DAY), 14).date)
  }
  const terms = {}
  for (let degrees = 0; degrees < 360; degrees += 15) terms[degrees] = years((year) => day(crossing(year, degrees)))
  const ox = (year) => {
    const autumn = crossing(year, 135).getTime(), found = []
    for (let at = crossing(year, 117).getTime(); at < autumn; at += DAY) if ((at / DAY + 5) % 12 === 1) found.push(day(new Date(at)))
    return found.join(' ')
  }
  const moon = (year) => { // the 15th of the eighth month
    const first = Lunar.fromYmd(year, 8, 1).getSolar().toYmd()
    const near = new Date(new Date(first + 'T00:00:00Z').getTime() - 3 * DAY)
    return day(new Date(japan(astronomy.SearchMoonPhase(0, near, 6).date).getTime() + 14 * DAY))
  }
  const spring = (year) => Lunar.fromYmd(year, 1, 1).getSolar().toYmd().slice(5)
  const easter = (year) => { // Meeus, Astronomical Algorithms, chapter 8
    const a = year % 19, b = Math.floor(year / 100), c = year % 100, d = Math.floor(b / 4), e = b % 4, f = Math.floor((b + 8) / 25)
    const g = Math.floor((b - f + 1) / 3), h = (19 * a + b - d - g + 15) % 30, i = Math.floor(c / 4), k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7
    const m = Math.floor((a + 11 * h + 22 * l) / 451), n = h + l - 7 * m + 114
    return `${String(Math.floor(n / 31)).padStart(2, '0')}-${String(n % 31 + 1).padStart(2, '0')}`
  }
  const source = `computed by tests/oracle/days.mjs with ${version('astronomy-engine')} and ${version('lunar-javascript')}, days of Japan's time`
  const all = { ox: years(ox), moon: years(moon), spring_festival: years(spring), easter: years(easter) }
  const row = (name, table) => `    ${JSON.stringify(name)}: {${Object.entries(table).map(([year, days]) => `"${year}": "${days}"`).join(', ')}}`
  console.log(`{\n  "as_of": "2026-11-26",\n  "source": ${JSON.stringify(source)},\n  "from": ${FROM},\n  "until": ${UNTIL},\n  "terms": {`)
  console.log(Object.entries(terms).map(([name, table]) => row(name, table)).join(',\n') + '\n  },\n  "tables": {')
  console.log(Object.entries(all).map(([name, table]) => row(name, table)).join(',\n') + '\n  }\n}')
}

function holidays() {
  const rows = Object.entries(require('@holiday-jp/holiday_jp').holidays)
  console.log(`# Holidays of Japan 1970–2050: npm ${version('@holiday-jp/holiday_jp')}, Copyright (c) 2016 holiday-jp, MIT. Written by tests/oracle/days.mjs.`)
  for (const [day, { name }] of rows) console.log(`${day}\t${name}`)
}
what === 'tables' ? tables() : holidays()
