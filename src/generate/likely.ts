import type { JsonType } from './shape.ts'

/** Chance: numbers in [0, 1). */
export type Dice = () => number

/** Makes a value of one of its types. */
type Maker = (dice: Dice) => unknown

/*
 * A list of our own, and not faker: a few hundred words are enough here, and faker's change with its versions, so that the
 * same seed would not give the same answer after an update.
 */
const words = (text: string): readonly string[] => text.split(' ')

const firstNames = words(
  'Ana Bruno Carla Diego Elena Felix Grace Hugo Ines Jonas Kofi Laura Mateo Nadia Omar Priya Rosa Sam',
)
const lastNames = words(
  'Almeida Becker Costa Dias Eriksen Fischer Gomes Haddad Ito Jensen Kaya Lopes Moreau Novak Okafor Silva',
)
const companies = words(
  'Acme Borealis Cobalt Delta Ember Foxglove Granite Harbor Indigo Juniper Lumen Meridian Northwind',
)
const streets = words('Alder Birch Cedar Elm Garden Harbour High Lake Market Mill Oak Park River Station Willow')
const cities = words('Lisbon Porto Berlin Nairobi Oslo Kyoto Toronto Recife Lyon Accra Dublin Quito Hanoi Turin Perth')
const countries = words(
  'Portugal Germany Brazil Kenya Norway Japan Canada France Ghana Ireland Ecuador Vietnam Italy Australia',
)
const countryCodes = words('PT DE BR KE NO JP CA FR GH IE EC VN IT AU')
const states = words('Bavaria Ontario Lazio Provence Kansai Bahia Ulster Victoria Texas Ohio')
const currencies = words('EUR USD BRL GBP JPY CAD CHF AUD')
const languages = words('en de pt fr es it ja nl')
const locales = words('en-US de-DE pt-BR fr-FR es-ES ja-JP')
const zones = words('Europe/Lisbon Europe/Berlin America/Sao_Paulo Africa/Nairobi Asia/Tokyo America/Toronto')
const colors = words('red green blue orange purple teal black white grey yellow')
const jobs = ['Engineer', 'Designer', 'Accountant', 'Product Manager', 'Nurse', 'Teacher', 'Analyst', 'Architect']
const products = ['Desk Lamp', 'Oak Table', 'Travel Mug', 'Linen Shirt', 'Wool Scarf', 'Steel Kettle', 'Paper Notebook']
const plain = words(
  'amber basket canvas delta ember field garden harbor island jacket kettle lantern meadow north orchard paper quartz river silver timber umbra velvet willow yonder zephyr',
)
const agents = ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'curl/8.5.0']

export function one<T>(dice: Dice, choices: readonly T[]): T {
  return choices[Math.floor(dice() * choices.length)] as T
}

/** A whole number from `least` to `most`, both included. */
export function whole(dice: Dice, least: number, most: number): number {
  return least + Math.floor(dice() * (most - least + 1))
}

export function digits(dice: Dice, count: number): string {
  let text = ''
  for (let made = 0; made < count; made += 1) text += Math.floor(dice() * 10)
  return text
}

const hexDigits = '0123456789abcdef'

export function hex(dice: Dice, count: number): string {
  let text = ''
  for (let made = 0; made < count; made += 1) text += hexDigits.charAt(Math.floor(dice() * 16))
  return text
}

export function word(dice: Dice): string {
  return one(dice, plain)
}

export function sentence(dice: Dice, count: number): string {
  const text = Array.from({ length: count }, () => word(dice)).join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const yearStart = Date.UTC(2024, 0, 1)

/** An instant of the year 2024: what is made must not depend on the day on which it is made. */
export function instant(dice: Dice): Date {
  return new Date(yearStart + whole(dice, 0, 366 * 86_400 - 1) * 1000 + whole(dice, 0, 999))
}

export function email(dice: Dice): string {
  return `${one(dice, firstNames)}.${one(dice, lastNames)}@example.com`.toLowerCase()
}

export function uuid(dice: Dice): string {
  const variant = one(dice, ['8', '9', 'a', 'b'])
  return `${hex(dice, 8)}-${hex(dice, 4)}-4${hex(dice, 3)}-${variant}${hex(dice, 3)}-${hex(dice, 12)}`
}

export function url(dice: Dice): string {
  return `https://example.com/${word(dice)}/${digits(dice, 4)}`
}

/** An address of the block for documentation. Source: RFC 5737. */
export function ipv4(dice: Dice): string {
  return `203.0.113.${whole(dice, 1, 254)}`
}

/** An address of the block for documentation. Source: RFC 3849. */
export function ipv6(dice: Dice): string {
  return `2001:db8::${hex(dice, 4)}:${hex(dice, 4)}`.replaceAll(/:0+(?=[0-9a-f])/g, ':')
}

const color: Maker = dice => `#${hex(dice, 6)}`
const name: Maker = dice => `${one(dice, firstNames)} ${one(dice, lastNames)}`
const company: Maker = dice => `${one(dice, companies)} ${one(dice, ['Ltd', 'GmbH', 'Inc', 'Group'])}`
const title: Maker = dice => sentence(dice, 3)
const prose: Maker = dice => `${sentence(dice, 8)}.`
const moment: Maker = dice => instant(dice).toISOString()
const day: Maker = dice => instant(dice).toISOString().slice(0, 10)
const from =
  (choices: readonly string[]): Maker =>
  dice =>
    one(dice, choices)

/** Makers of texts by the last words of a name, in lower case and together. */
const texts: Readonly<Record<string, Maker>> = {
  email,
  emailaddress: email,
  mail: email,
  firstname: from(firstNames),
  givenname: from(firstNames),
  forename: from(firstNames),
  lastname: from(lastNames),
  surname: from(lastNames),
  familyname: from(lastNames),
  fullname: name,
  displayname: name,
  author: name,
  owner: name,
  customername: name,
  username: dice => `${one(dice, firstNames)}${digits(dice, 2)}`.toLowerCase(),
  login: dice => `${one(dice, firstNames)}${digits(dice, 2)}`.toLowerCase(),
  nickname: dice => `${one(dice, firstNames)}${digits(dice, 2)}`.toLowerCase(),
  phone: dice => `+1555${digits(dice, 7)}`,
  phonenumber: dice => `+1555${digits(dice, 7)}`,
  mobile: dice => `+1555${digits(dice, 7)}`,
  fax: dice => `+1555${digits(dice, 7)}`,
  url,
  uri: url,
  link: url,
  href: url,
  website: url,
  homepage: url,
  callback: url,
  webhook: url,
  avatar: dice => `https://example.com/avatars/${hex(dice, 8)}.png`,
  image: dice => `https://example.com/images/${hex(dice, 8)}.png`,
  photo: dice => `https://example.com/images/${hex(dice, 8)}.jpg`,
  icon: dice => `https://example.com/icons/${hex(dice, 8)}.png`,
  logo: dice => `https://example.com/logos/${hex(dice, 8)}.png`,
  domain: dice => `${word(dice)}.example.com`,
  hostname: dice => `${word(dice)}.example.com`,
  host: dice => `${word(dice)}.example.com`,
  ip: ipv4,
  ipaddress: ipv4,
  ipv4,
  ipv6,
  mac: dice => Array.from({ length: 6 }, () => hex(dice, 2)).join(':'),
  macaddress: dice => Array.from({ length: 6 }, () => hex(dice, 2)).join(':'),
  useragent: from(agents),
  uuid,
  guid: uuid,
  sha: dice => hex(dice, 40),
  hash: dice => hex(dice, 40),
  checksum: dice => hex(dice, 64),
  sha256: dice => hex(dice, 64),
  md5: dice => hex(dice, 32),
  token: dice => hex(dice, 32),
  apikey: dice => hex(dice, 32),
  etag: dice => hex(dice, 16),
  id: dice => hex(dice, 12),
  key: dice => `${word(dice)}-${digits(dice, 3)}`,
  code: dice => `${word(dice).slice(0, 3).toUpperCase()}-${digits(dice, 4)}`,
  sku: dice => `SKU-${digits(dice, 6)}`,
  slug: dice => `${word(dice)}-${word(dice)}`,
  country: from(countries),
  countryname: from(countries),
  countrycode: from(countryCodes),
  city: from(cities),
  town: from(cities),
  state: from(states),
  province: from(states),
  region: from(states),
  street: dice => `${whole(dice, 1, 199)} ${one(dice, streets)} Street`,
  streetaddress: dice => `${whole(dice, 1, 199)} ${one(dice, streets)} Street`,
  address: dice => `${whole(dice, 1, 199)} ${one(dice, streets)} Street, ${one(dice, cities)}`,
  line1: dice => `${whole(dice, 1, 199)} ${one(dice, streets)} Street`,
  zip: dice => digits(dice, 5),
  zipcode: dice => digits(dice, 5),
  postcode: dice => digits(dice, 5),
  postalcode: dice => digits(dice, 5),
  latitude: dice => (dice() * 170 - 85).toFixed(5),
  longitude: dice => (dice() * 358 - 179).toFixed(5),
  timezone: from(zones),
  locale: from(locales),
  language: from(languages),
  lang: from(languages),
  currency: from(currencies),
  currencycode: from(currencies),
  price: dice => (1 + dice() * 998).toFixed(2),
  amount: dice => (1 + dice() * 998).toFixed(2),
  company,
  companyname: company,
  organization: company,
  organisation: company,
  jobtitle: from(jobs),
  job: from(jobs),
  department: from(['Sales', 'Support', 'Research', 'Finance', 'Legal']),
  product: from(products),
  productname: from(products),
  color: from(colors),
  colour: from(colors),
  hexcolor: color,
  backgroundcolor: color,
  title,
  subject: title,
  headline: title,
  label: word,
  tag: word,
  description: prose,
  summary: prose,
  comment: prose,
  message: prose,
  note: prose,
  notes: prose,
  bio: prose,
  text: prose,
  body: prose,
  content: prose,
  reason: prose,
  detail: prose,
  filename: dice => `${word(dice)}.pdf`,
  path: dice => `/${word(dice)}/${word(dice)}`,
  version: dice => `${whole(dice, 0, 9)}.${whole(dice, 0, 20)}.${whole(dice, 0, 20)}`,
  mimetype: from(['application/json', 'image/png', 'text/plain']),
  contenttype: from(['application/json', 'image/png', 'text/plain']),
  gender: from(['female', 'male', 'other']),
  at: moment,
  on: moment,
  datetime: moment,
  timestamp: moment,
  created: moment,
  updated: moment,
  modified: moment,
  date: day,
  birthday: day,
  dob: day,
  time: moment,
}

const epoch: Maker = dice => Math.floor(instant(dice).getTime() / 1000)
const range =
  (least: number, most: number): Maker =>
  dice =>
    whole(dice, least, most)
const decimal =
  (least: number, most: number, places: number): Maker =>
  dice =>
    Number((least + dice() * (most - least)).toFixed(places))

/** Makers of numbers; of integers the whole ones among them. */
const numbers: Readonly<Record<string, Maker>> = {
  lat: decimal(-85, 85, 5),
  latitude: decimal(-85, 85, 5),
  lng: decimal(-179, 179, 5),
  lon: decimal(-179, 179, 5),
  long: decimal(-179, 179, 5),
  longitude: decimal(-179, 179, 5),
  price: decimal(1, 999, 2),
  amount: decimal(1, 999, 2),
  cost: decimal(1, 999, 2),
  fee: decimal(0, 50, 2),
  tax: decimal(0, 200, 2),
  total: decimal(1, 5_000, 2),
  subtotal: decimal(1, 5_000, 2),
  balance: decimal(0, 9_000, 2),
  rate: decimal(0, 1, 3),
  ratio: decimal(0, 1, 3),
  probability: decimal(0, 1, 3),
  percentage: decimal(0, 100, 1),
  percent: decimal(0, 100, 1),
  rating: decimal(1, 5, 1),
  score: decimal(0, 100, 1),
  temperature: decimal(-10, 35, 1),
  weight: decimal(1, 120, 1),
  age: range(18, 90),
  year: range(2000, 2024),
  month: range(1, 12),
  day: range(1, 28),
  hour: range(0, 23),
  minute: range(0, 59),
  second: range(0, 59),
  port: range(1_024, 49_151),
  page: range(1, 10),
  pages: range(1, 20),
  limit: range(10, 100),
  offset: range(0, 100),
  count: range(0, 100),
  quantity: range(1, 20),
  qty: range(1, 20),
  stock: range(0, 500),
  width: range(100, 1_920),
  height: range(100, 1_080),
  size: range(1, 50_000),
  duration: range(1, 3_600),
  at: epoch,
  on: epoch,
  created: epoch,
  updated: epoch,
  timestamp: epoch,
  expires: epoch,
}

/** Words of a name that say nothing about its value, when others stand before them. */
const known = new Map<string, readonly string[]>()
const maxKnown = 10_000

/** `billing_emailAddress` gives `billingemailaddress`, `emailaddress` and `address`: what fits most comes first. */
function endings(memberName: string): readonly string[] {
  const before = known.get(memberName)
  if (before !== undefined) return before
  const parts = memberName
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean)
  const found = parts.map((_, at) => parts.slice(at).join(''))
  if (known.size < maxKnown) known.set(memberName, found)
  return found
}

/**
 * A value as one expects it under a name, such as an address under `email`; `undefined` under a name that says nothing.
 * Whether the schema accepts it has to be seen.
 */
export function likely(memberName: string, type: JsonType, dice: Dice): unknown {
  if (type !== 'string' && type !== 'number' && type !== 'integer') return undefined
  const makers = type === 'string' ? texts : numbers
  for (const ending of endings(memberName)) {
    if (!Object.hasOwn(makers, ending)) continue
    const value = makers[ending]?.(dice)
    return type === 'integer' && typeof value === 'number' ? Math.round(value) : value
  }
  return undefined
}
