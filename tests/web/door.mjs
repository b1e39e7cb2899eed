// The door: what a wrong entry says at its field, two-factor authentication from the QR code to the recovery code, the first steps.
import { createHmac } from 'node:crypto'
import { equal, openPage, truth } from './browser.mjs'
import { OWNER } from './day.mjs'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 6238, six digits, 30 seconds, SHA-1: what an authenticator app shows. */
export function totp(secret, at = Date.now()) {
  const bits = [...secret.replace(/[\s=]/g, '')].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** The dark cells of the drawn code, read back from its path. */
const darkCells = (page) => page.getByRole('img', { name: /QR/ }).evaluate((svg) => (svg.querySelector('path').getAttribute('d').match(/M/g) ?? []).length)

// Few wrong entries in all: after five the server makes this address wait, as it should.
export async function door(runner, browser, base) {
  const { context, page, faults } = await openPage(browser, { width: 390 })
  const button = (name) => page.getByRole('button', { name, exact: true })
  const signIn = async (password = OWNER.password) => {
    await page.getByLabel('メールアドレス').fill(OWNER.email)
    await page.getByLabel('パスワード').fill(password)
    await button('サインイン').click()
  }
  const signOut = async () => {
    await page.goto(`${base}/settings/me`)
    await page.getByRole('main').getByRole('button', { name: 'サインアウト', exact: true }).click()
    await page.getByRole('heading', { name: 'サインイン' }).waitFor()
  }
  let secret = ''
  let codes = []

  await runner.test('a wrong password is said at the password, and the field is marked', async () => {
    await page.goto(`${base}/settings/me`)
    await signIn('not the passphrase')
    const field = page.getByLabel('パスワード')
    await page.locator('.field', { has: field }).getByRole('alert').waitFor()
    equal(await field.getAttribute('aria-invalid'), 'true', 'aria-invalid')
    await signIn()
    await page.getByRole('heading', { name: 'プロフィール' }).waitFor()
  })

  await runner.test('two-factor authentication is turned on with the key of a QR code, which is loaded only then', async () => {
    equal(await page.getByRole('img', { name: /QR/ }).count(), 0, 'codes before')
    await button('有効にする').click()
    await page.locator('[aria-labelledby=totp]').getByLabel('パスワード').fill(OWNER.password)
    await button('有効にする').click()
    secret = await page.getByLabel('鍵', { exact: true }).inputValue()
    const link = await page.getByRole('link', { name: '認証アプリで開く' }).getAttribute('href')
    truth(link.startsWith('otpauth://totp/') && link.includes(secret.replace(/\s/g, '')), `the link is ${link}`)
    truth((await darkCells(page)) > 300, 'the code has too few dark cells')
    await page.getByLabel('コード', { exact: true }).fill('000000')
    await button('確認する').click()
    await page.locator('.field', { has: page.getByLabel('コード', { exact: true }) }).getByRole('alert').waitFor()
    await page.getByLabel('コード', { exact: true }).fill(totp(secret))
    await button('確認する').click()
    await page.locator('.codes li').first().waitFor()
    codes = await page.locator('.codes li').allTextContents()
    truth(codes.length >= 8 && new Set(codes).size === codes.length, `${codes.length} recovery codes`)
    await button('保管しました').click()
  })

  await runner.test('after turning it on the page goes on working without a reload', async () => {
    await page.getByLabel('名前', { exact: true }).fill('響 花子(本店)')
    await button('保存する').click()
    await page.getByText('保存しました。').first().waitFor()
    await page.getByLabel('名前', { exact: true }).fill(OWNER.name)
    await button('保存する').click()
    await page.getByText('保存しました。').last().waitFor()
  })

  await runner.test('signing in then asks for a code of the app, and lets in with it', async () => {
    await signOut()
    await signIn()
    await page.getByRole('heading', { name: '確認コード' }).waitFor()
    await page.getByLabel('コード').fill(totp(secret, Date.now() + 30_000))
    await button('サインイン').click()
    await page.getByRole('heading', { name: 'プロフィール' }).waitFor()
  })

  await runner.test('a recovery code lets in once, and not twice', async () => {
    for (const isFirst of [true, false]) {
      await signOut()
      await signIn()
      await page.getByLabel('コード').fill(codes[0])
      await button('サインイン').click()
      if (isFirst) await page.getByRole('heading', { name: 'プロフィール' }).waitFor()
      else await page.locator('.field').getByRole('alert').waitFor()
    }
    await page.getByLabel('コード').fill(codes[1])
    await button('サインイン').click()
    await page.getByRole('heading', { name: 'プロフィール' }).waitFor()
  })

  await runner.test('it is turned off with the password, and the log tells all of it in sentences', async () => {
    await button('無効にする').click()
    await page.locator('[aria-labelledby=totp]').getByLabel('パスワード').fill(OWNER.password)
    await button('無効にする').last().click()
    await page.getByText('2段階認証を無効にしました。').waitFor()
    await page.goto(`${base}/settings/audit`)
    const log = page.locator('ol.rows')
    await log.getByText('2段階認証を有効にしました').waitFor()
    await log.getByText('2段階認証を無効にしました').waitFor()
    await log.getByText('Chrome(Linux) からサインインしました').first().click()
    await log.getByText('127.0.0.1').first().waitFor()
    equal(await log.getByText(/^[a-z]+\.[a-z_]+$/).count(), 0, 'actions without a sentence')
    await page.getByLabel('対象で絞り込む').selectOption('token')
    await page.getByText('2段階認証を有効にしました').waitFor({ state: 'detached' })
  })

  await runner.test('the only owner is offered neither removal nor another role', async () => {
    await page.goto(`${base}/settings/people`)
    const me = page.locator('li', { hasText: OWNER.email })
    await me.getByText('オーナー', { exact: true }).waitFor()
    equal(await me.getByRole('button').count() + (await me.getByRole('combobox').count()), 0, 'controls')
  })
  equal(faults, [], 'console errors at the door')
  await context.close()
}
