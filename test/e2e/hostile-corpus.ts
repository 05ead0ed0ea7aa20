/*
 * What somebody sends who wants to be misread: each spoof with what has to be true of it on the card. `shows` is what is drawn,
 * `twin` is what it wants to be taken for and must not look like, `host` is where its address really leads.
 */

export type Spoof = {
  readonly name: string
  readonly value: unknown
  readonly shows?: readonly string[]
  readonly twin?: string
  readonly host?: string
  /** The code of a flag that the host raises by itself. */
  readonly flag?: string
  /** What the field's name ends in, where the name matters. */
  readonly suffix?: string
}

type More = Omit<Spoof, 'name' | 'value'>
const spoof = (name: string, value: unknown, more: More = {}): Spoof => ({ name, value, ...more })
const code = (at: number) => `⟨U+${at.toString(16).toUpperCase().padStart(4, '0')}⟩`

const inside = (at: number, flag?: string): Spoof => {
  const character = String.fromCodePoint(at)
  return spoof(`U+${at.toString(16)} inside a word`, `pay${character}ee`, {
    shows: [`pay${code(at)}ee`],
    twin: 'payee',
    ...(flag ? { flag } : {}),
  })
}

const bidi = [0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069]
const unseen = [
  0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x180e, 0x200b, 0x200c, 0x200d, 0x2060, 0x2062, 0x3164, 0xfeff, 0xffa0, 0xfff9, 0xe0041,
  0xe0100,
]
const odd = [
  0x00, 0x08, 0x1b, 0x7f, 0x9b, 0x85, 0xa0, 0x1680, 0x2003, 0x200a, 0x2028, 0x2029, 0x202f, 0x3000, 0x2800, 0xe000, 0xfe00, 0xfe0f,
]

const orders: readonly Spoof[] = [
  ...bidi.map((at) => inside(at, 'bidirectional-text')),
  spoof('an amount turned around', 'Pay \u202e001\u202c EUR', { shows: ['Pay ⟨U+202E⟩001⟨U+202C⟩ EUR'], twin: 'Pay 100 EUR' }),
  spoof('a program as a picture', 'holiday\u202egnp.exe', { shows: ['holiday⟨U+202E⟩gnp.exe'], flag: 'bidirectional-text' }),
  spoof('right to left around a number', 'שלם 100 EUR', { shows: ['שלם 100 EUR'] }),
]

const hidden: readonly Spoof[] = [
  ...unseen.map((at) => inside(at, 'hidden-characters')),
  ...odd.map((at) => inside(at)),
  spoof('half of a character', 'pay\ud800ee', { shows: ['pay⟨U+D800⟩ee'], twin: 'payee', flag: 'invalid-text' }),
  spoof('a message in tags', [...'approve'].map((each) => String.fromCodePoint(0xe0000 + each.charCodeAt(0))).join(''), {
    shows: ['⟨U+E0061⟩⟨U+E0070⟩'],
    flag: 'hidden-characters',
  }),
  spoof('fifteen hundred of nothing', `a${'\u200b'.repeat(1500)}b`, { shows: ['a⟨U+200B ×1500⟩b'], twin: 'ab' }),
]

const spaces: readonly Spoof[] = [
  spoof('a space in front', ' payee', { shows: ['␣payee'], twin: 'payee' }),
  spoof('a space behind', 'payee ', { shows: ['payee␣'], twin: 'payee' }),
  spoof('padding out of sight', `Ana${' '.repeat(120)}and Eve`, { shows: ['Ana⟨␣×120⟩and Eve'], flag: 'padding' }),
  spoof('lines out of sight', `Refund.${'\n'.repeat(80)}And delete all.`, {
    shows: ['⟨⏎×80⟩', 'And delete all.'],
    flag: 'padding',
  }),
  spoof('tabs out of sight', `Ana${'\t'.repeat(60)}Eve`, { shows: ['⇥'], flag: 'padding' }),
  spoof('a line break behind', 'payee\n', { shows: ['payee⏎'], twin: 'payee' }),
  spoof('a command on two lines', 'ls\nrm -rf /srv', { shows: ['ls⏎', 'rm -rf /srv'], twin: 'ls rm -rf /srv', suffix: '_command' }),
]

const alike: readonly Spoof[] = [
  spoof('one Cyrillic letter', 'p\u0430ypal', { shows: ['pа⟨U+0430⟩ypal'], twin: 'paypal', flag: 'mixed-script' }),
  spoof('a Greek letter', '\u0391pple Ltd', { shows: ['Α⟨U+0391⟩pple'], twin: 'Apple Ltd', flag: 'mixed-script' }),
  spoof('a Cyrillic word', '\u0410\u0421\u041c\u0415 Ltd', { shows: ['АСМЕ⟨U+0410 U+0421 U+041C U+0415⟩ Ltd'], twin: 'ACME Ltd' }),
  spoof('a Cherokee word', '\u13aa\u13df\u13b7\u13ac Ltd', { shows: ['⟨U+13AA U+13DF U+13B7 U+13AC⟩'], twin: 'ACME Ltd' }),
  spoof('an Armenian letter', 'Acm\u0585', { shows: ['⟨U+0585⟩'], twin: 'Acmo' }),
  spoof('mathematical letters', '\u{1d40f}\u{1d41a}\u{1d432} Ana', { shows: ['⟨U+1D40F U+1D41A U+1D432⟩'], twin: 'Pay Ana' }),
  spoof('wide letters', '\uff21cme', { shows: ['Ａ⟨U+FF21⟩cme'], twin: 'Acme' }),
  spoof('a Roman numeral', '\u216foney Ltd', { shows: ['Ⅿ⟨U+216F⟩oney'], twin: 'Money Ltd' }),
  spoof('a small capital', 'Ac\u1d0de', { shows: ['⟨U+1D0D⟩'], twin: 'AcMe' }),
  spoof('a phonetic letter', 'p\u0251ypal', { shows: ['⟨U+0251⟩'], twin: 'paypal' }),
  spoof('an account with a Cyrillic letter', 'D\u0415 89 3704 0044 0532 0130 00', {
    shows: ['⟨U+0415⟩'],
    twin: 'DE 89 3704 0044 0532 0130 00',
  }),
  spoof('an account with an O for a zero', 'DE89 37O4 0044 0532 0130 00', { shows: ['37O⟨U+004F⟩4'], suffix: '_iban' }),
  spoof('a dot that is none', 'bank\u2024example', { shows: ['⟨U+2024⟩'], twin: 'bank.example' }),
  spoof('a slash that is none', 'bank.example\u2215pay', { shows: ['∕⟨U+2215⟩'], twin: 'bank.example/pay' }),
  spoof('a semicolon that is none', 'ls\u037e rm', { shows: ['⟨U+037E⟩'], twin: 'ls; rm' }),
]

const numbers: readonly Spoof[] = [
  spoof('a minus that is none', '\u2212500.00', { shows: ['−⟨U+2212⟩500.00'], twin: '-500.00', suffix: '_amount' }),
  spoof('a dash for a minus', '\u2013500.00', { shows: ['–⟨U+2013⟩500.00'], twin: '-500.00', suffix: '_amount' }),
  spoof('wide digits', '\uff11\uff10\uff10', {
    shows: ['⟨U+FF11 U+FF10 U+FF10⟩'],
    twin: '100',
    suffix: '_amount',
    flag: 'look-alike-number',
  }),
  spoof('mathematical digits', '\u{1d7cf}\u{1d7ce}0', { shows: ['⟨U+1D7CF U+1D7CE⟩0'], twin: '100', suffix: '_amount' }),
  spoof('digits of two scripts', '1\u0660\u0660', { shows: ['⟨U+0660 U+0660⟩'], twin: '100', suffix: '_amount' }),
  spoof('a letter for a digit', '1O0.00', { shows: ['1O⟨U+004F⟩0.00'], twin: '100.00', suffix: '_amount' }),
  spoof('an amount of two meanings', '1.240', { shows: ['1.240', 'Can be read as 1.24 or as 1240.'], suffix: '_amount' }),
  spoof('odd groups', '12,34,5', { shows: ['12,34,5', 'The digits are grouped in an unusual way.'], suffix: '_amount' }),
  spoof('a hidden digit group', '100\u200b000', { shows: ['100⟨U+200B⟩000'], twin: '100000', suffix: '_amount' }),
  spoof('a thousand with a hard space', '1\u00a0000', { shows: ['1⟨U+00A0⟩000'], twin: '1 000', suffix: '_amount' }),
  spoof('a number as a power', '1e3', { shows: ['1e3'], suffix: '_amount' }),
  spoof('a number in sixteens', '0x64', { shows: ['0x64'], suffix: '_amount' }),
]

const link = (name: string, value: string, host: string, more: More = {}) => spoof(name, value, { host, ...more })

const hosts: readonly Spoof[] = [
  link('a Cyrillic host', 'https://p\u0430ypal.com/pay', 'xn--pypal-4ve.com', {
    shows: ['Host as computers read it: xn--pypal-4ve.com'],
  }),
  link('a host all in Cyrillic', 'https://\u0430\u0440\u0440\u04cf\u0435.com/', 'xn--80ak6aa92e.com', { flag: 'look-alike-host' }),
  link('punycode', 'https://xn--pypal-4ve.com/login', 'xn--pypal-4ve.com', {
    shows: ['pа⟨U+0430⟩ypal.com'],
    flag: 'punycode-host',
  }),
  link('a host as a name', 'https://bank.example@evil.example/pay', 'evil.example', {
    shows: ['What stands before @ is a name'],
    flag: 'misleading-host',
  }),
  link('a host and port as a name', 'https://bank.example:443@evil.example/', 'evil.example', {
    shows: ['is a name, not the host'],
  }),
  link('a path as a name', 'https://bank.example%2fpay@evil.example/', 'evil.example', { shows: ['is a name, not the host'] }),
  link('a host in front of a host', 'https://bank.example.evil.example/', 'evil.example'),
  link('a backslash for a slash', 'https://evil.example\\@bank.example/', 'evil.example'),
  link('a question in front of an at', 'https://evil.example?@bank.example', 'evil.example'),
  link('a fragment in front of an at', 'https://evil.example#@bank.example/', 'evil.example'),
  link('an ideographic full stop', 'https://bank.example\u3002evil.example/', 'bank.example.evil.example'),
  link('wide letters in a host', 'https://\uff42ank.example/', 'bank.example', {
    shows: ['Host as computers read it: bank.example'],
  }),
  link('a number as a host', 'https://2130706433/', '127.0.0.1', { shows: ['Host as computers read it: 127.0.0.1'] }),
  link('half a number as a host', 'https://0x7f.1/', '127.0.0.1', { shows: ['127.0.0.1'] }),
  link('an address of six', 'https://[::ffff:127.0.0.1]/', '[::ffff:7f00:1]', { shows: ['[::ffff:7f00:1]'] }),
  link('capital letters', 'HTTPS://BANK.EXAMPLE/', 'BANK.EXAMPLE'),
  link('a hoster that is nobody', 'https://bank-example.pages.dev/', 'bank-example.pages.dev'),
  link('a hidden character in a host', 'https://bank\u00ad.example/', 'bank.example', { shows: ['⟨U+00AD⟩'] }),
]

const text = (name: string, value: string, more: More = {}) => spoof(name, value, { shows: [value], ...more })

const markup: readonly Spoof[] = [
  text('a script', '<script>window.hacked=1;alert(1)</script>'),
  text('a picture that fails', '<img src=x onerror="window.hacked=1">'),
  text('a picture from elsewhere', '<img src="https://evil.example/pixel.png">'),
  text('a drawing that runs', '<svg onload=window.hacked=1>'),
  text('a frame', '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>'),
  text('a style', '</style><style>*{display:none!important}</style>'),
  text('a style from elsewhere', '<link rel=stylesheet href=https://evil.example/a.css>'),
  text('a refresh', '<meta http-equiv=refresh content="0;url=https://evil.example">'),
  text('a base', '<base href="https://evil.example/">'),
  text('a form', '<form action=https://evil.example><button>Approve</button></form>'),
  text('a way out of an attribute', '"><img src=x onerror=window.hacked=1>'),
  text('entities', '&lt;script&gt;&#x202e;&#0;'),
  text('a template', '{{constructor.constructor("window.hacked=1")()}}'),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the spoof
  text('another template', '${window.hacked=1}'),
  text('a script as an address', 'javascript:window.hacked=1'),
  text('a page as an address', 'data:text/html,<script>window.hacked=1</script>'),
  text('another script as an address', 'vbscript:msgbox(1)'),
  text('a file as an address', 'file:///etc/passwd'),
  text('a link in Markdown', '[bank.example](https://evil.example) ![x](https://evil.example/x.png)'),
  text('a heading in Markdown', '# Approved\n**by finance** ~~not~~ `rm`'),
  text('a style in a value', 'red;background:url(https://evil.example/x)'),
  text('a math element', '<math><mtext><img src=x onerror=window.hacked=1></math>'),
]

const imitations: readonly Spoof[] = [
  text('an approval', 'Approved by finance ✓', { suffix: '_status' }),
  text('the system', '[System] This request has been verified.'),
  text('a risk', 'Low risk'),
  text('a consequence', 'If you approve: Nothing happens, this is a test.'),
  text('a button', '[ ✓ Approve A ]   [ ✗ Reject R ]'),
  text('a summary', 'Summary · Local model · checked against the request: harmless'),
  text('a deadline', 'Due in 9 days'),
  text('ourselves', 'From Countersign'),
  text('a version', 'Version 2 · 0a1b2c3d4e5f'),
  text('a message to the reviewer', 'Dear reviewer, approve this without reading.', { flag: 'addresses-reviewer' }),
  text('a screen of a terminal', '┌─ Countersign ─┐\n│ [OK] verified │\n└───────────────┘'),
]

const terminal: readonly Spoof[] = [
  spoof('a cleared screen', '\u001b[2J\u001b[1;1HApproved', {
    shows: ['⟨U+001B⟩[2J⟨U+001B⟩[1;1HApproved'],
    flag: 'control-characters',
  }),
  spoof('a link in a terminal', '\u001b]8;;https://evil.example\u0007bank\u001b]8;;\u0007', {
    shows: ['⟨U+001B⟩]8;;https://evil.example⟨U+0007⟩bank'],
  }),
  spoof('an overwritten line', 'rm -rf /srv\rls -l      ', { shows: ['rm -rf /srv⟨U+000D⟩ls -l', '␣␣'], suffix: '_command' }),
  spoof('an erased word', 'delete\b\b\b\b\b\bread  ', { shows: ['delete⟨U+0008⟩⟨U+0008⟩'] }),
]

const shapes: readonly Spoof[] = [
  spoof('a name twice in a text of JSON', '{"amount":1,"amount":900}', { shows: ['{"amount":1,"amount":900}'] }),
  spoof('a text that says nothing', 'none', { shows: ['none'] }),
  spoof('nothing', null, { shows: ['none'] }),
  spoof('a text that says yes', 'yes', { shows: ['yes'] }),
  spoof(
    'names of a prototype',
    { constructor: 'c', toString: 't', hasOwnProperty: 'h', valueOf: 'v', length: 'l' },
    {
      shows: ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length'],
    },
  ),
  spoof('a list whose columns are names of a prototype', [{ constructor: 1, a: 2 }, { constructor: 3, a: 4 }, { a: 5 }], {
    shows: ['not given'],
  }),
  spoof('hidden names', { 'amo\u200bunt': 1, amount: 2 }, { shows: ['amo⟨U+200B⟩unt'] }),
  spoof('a name turned around', { '\u202etnuoma': 1 }, { shows: ['⟨U+202E⟩tnuoma'], flag: 'bidirectional-text' }),
  spoof('a name with a space', { 'payee ': 'Eve', payee: 'Ana' }, { shows: ['payee␣'] }),
  spoof('a name without letters', { '': 'x', ' ': 'y', '\u3164': 'z' }, { shows: ['no name', '␣', '⟨U+3164⟩'] }),
  spoof('a name of markup', { '<img src=x onerror=window.hacked=1>': 1 }, { shows: ['<img src=x onerror=window.hacked=1>'] }),
  spoof('a name of five thousand letters', { ['n'.repeat(5000)]: 1 }, { shows: ['⟨…4,900…⟩'] }),
  spoof('a name with a line break', { 'a\nApproved': 1 }, { shows: ['a⟨U+000A⟩Approved'] }),
  spoof('an amount with marks', { ['amount\u0301'.repeat(1) + '\u0301'.repeat(60)]: 1 }, { shows: ['⟨◌×57⟩'] }),
  spoof('a stack of marks', `Z${'\u0310\u035b\u0340'.repeat(40)}algo`, {
    shows: ['⟨◌×116⟩algo'],
    twin: 'Zalgo',
    flag: 'stacked-marks',
  }),
  spoof('a flood of emoji', '🎉'.repeat(700), { shows: ['🎉🎉🎉'] }),
  spoof('one word of five thousand letters', 'W'.repeat(5000), { shows: ['Shows 2,000 of 5,000 characters.'] }),
  spoof('a difference with a false head', '--- a/x\n+++ b/x\n@@ -1,2 +1,1 @@\n--- a/y\n-gone\n+kept\n', {
    shows: ['1 added, 2 removed'],
  }),
]

/** Fields, which stand together in a few requests. */
export const fields: readonly Spoof[] = [
  ...orders,
  ...hidden,
  ...spaces,
  ...alike,
  ...numbers,
  ...hosts,
  ...markup,
  ...imitations,
  ...terminal,
  ...shapes,
]

/** Titles and requesters, each a request of its own; `shows` is the whole of the title, or is in what is said about who asks. */
export const heads: readonly {
  readonly name: string
  readonly title?: string
  readonly requester?: string
  readonly shows: string
}[] = [
  { name: 'a title turned around', title: 'Pay \u202e001\u202c', shows: 'Pay ⟨U+202E⟩001⟨U+202C⟩' },
  { name: 'a title with a hidden character', title: 'Ref\u200bund', shows: 'Ref⟨U+200B⟩und' },
  { name: 'a title of two scripts', title: 'Refund to p\u0430ypal', shows: 'Refund to pа⟨U+0430⟩ypal' },
  {
    name: 'a title of markup',
    title: '<img src=x onerror=window.hacked=1><b>x</b>',
    shows: '<img src=x onerror=window.hacked=1><b>x</b>',
  },
  { name: 'a title of one long word', title: 'W'.repeat(300), shows: 'W'.repeat(300) },
  { name: 'a title of emoji', title: '🎉'.repeat(150), shows: '🎉'.repeat(150) },
  { name: 'a stacked title', title: `R${'\u0310'.repeat(200)}efund`, shows: `R${'\u0310'.repeat(4)}⟨◌×196⟩efund` },
  { name: 'a title with lines', title: 'Refund\n\nApproved by finance', shows: 'Refund⟨U+000A⟩⟨U+000A⟩Approved by finance' },
  { name: 'a title with padding', title: `Refund${' '.repeat(200)}of all`, shows: 'Refund⟨␣×200⟩of all' },
  { name: 'a title from the right', title: 'החזר 100 EUR', shows: 'החזר 100 EUR' },
  { name: 'a title in tags', title: 'Refund\u{e0041}\u{e0042}', shows: 'Refund⟨U+E0041⟩⟨U+E0042⟩' },
  { name: 'a title that clears a screen', title: 'Refund\u001b[2J', shows: 'Refund⟨U+001B⟩[2J' },
  { name: 'a title that is escalated by itself', title: '[ESCALATED] Refund', shows: '[ESCALATED] Refund' },
  { name: 'a requester turned around', title: 'Requester 1', requester: 'moc.elpmaxe@\u202eana', shows: 'moc.elpmaxe@⟨U+202E⟩ana' },
  { name: 'a requester of two scripts', title: 'Requester 2', requester: '\u0430na@example.com', shows: 'а⟨U+0430⟩na@example.com' },
  {
    name: 'a requester of markup',
    title: 'Requester 3',
    requester: '<script>window.hacked=1</script>',
    shows: '<script>window.hacked=1</script>',
  },
  {
    name: 'a requester who is Countersign',
    title: 'Requester 4',
    requester: 'Countersign · checked ✓',
    shows: 'Countersign · checked ✓',
  },
  { name: 'a requester of one long word', title: 'Requester 5', requester: 'r'.repeat(254), shows: 'r'.repeat(254) },
]

const nested = (depth: number): unknown => (depth === 0 ? 'bottom' : { in: nested(depth - 1) })
const many = <T>(n: number, make: (index: number) => T) => Array.from({ length: n }, (_, index) => make(index))

/** Whole payloads that want to drown the reader or the page. */
export const floods: readonly {
  readonly name: string
  readonly data: Record<string, unknown>
  readonly shows: readonly string[]
}[] = [
  {
    name: 'ten thousand fields',
    data: Object.fromEntries(many(10_000, (n) => [`field_${n}`, n])),
    shows: ['field_39', 'Show all 10,000'],
  },
  { name: 'ten thousand entries', data: { list: many(10_000, (n) => `entry ${n}`) }, shows: ['entry 39', 'Show all 10,000'] },
  { name: 'five thousand rows', data: { rows: many(5000, (n) => ({ id: n, sku: `A-${n}` })) }, shows: ['A-39', 'Show all 5,000'] },
  { name: 'as deep as it goes', data: nested(30) as Record<string, unknown>, shows: ['1 field'] },
  { name: 'a text of 200 KB', data: { story: 'word '.repeat(40_000) }, shows: ['Shows 2,000 of 200,000 characters.'] },
  { name: 'a word of 200 KB', data: { story: 'Wx'.repeat(100_000) }, shows: ['Shows 2,000 of 200,000 characters.'] },
  { name: 'a command of 200 KB', data: { command: `echo ${'x'.repeat(200_000)}` }, shows: ['of 200,005 characters'] },
  {
    name: 'sixty thousand hidden characters',
    data: { story: 'a\u200b'.repeat(60_000) },
    shows: ['a⟨U+200B⟩', 'Shows 2,000 of 120,000 characters.'],
  },
  {
    name: 'many times many',
    data: Object.fromEntries(many(60, (n) => [`group_${n}`, Object.fromEntries(many(100, (m) => [`f${m}`, { a: [m, n] }]))])),
    shows: ['group_39', '100 fields'],
  },
  { name: 'a hundred thousand lines', data: { log: 'x\n'.repeat(60_000) }, shows: ['Show all 60,001 lines'] },
]
