import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { exchange, signatory } from '../e2e/exchange.ts';
import { editsWith } from './arbitraries.ts';
import { bytesOf, type CallCase, checkExchange, type Ground } from './calls.ts';
import type { FarEnd } from './far-end.ts';
import { type Edit, type Target, withinBound } from './targets.ts';

const s3Case = (
  call: Omit<CallCase['call'], 'service'>,
  body: readonly Edit[],
  gzipped = false,
): CallCase => ({
  call: { service: 's3', ...call },
  body,
  target: [],
  gzipped,
  compressed: [],
  signedLines: [],
  unsignedLines: [],
  authorization: [],
});

interface ChunkedCase {
  readonly chunks: readonly { readonly data: string; readonly size: string; readonly extension: string }[];
  readonly lineEnd: string;
  readonly last: string;
  readonly trailer: string;
  readonly declared: number;
  readonly edits: readonly Edit[];
}

/** How a size may be written: right, and almost. */
const sizeOf = (data: string): fc.Arbitrary<string> => {
  const hex = data.length.toString(16);
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(hex) },
    fc.constantFrom(
      `0${hex}`,
      hex.toUpperCase(),
      `0x${hex}`,
      `+${hex}`,
      ` ${hex}`,
      `${hex} `,
      `-${hex}`,
      '',
      'g',
    ),
    fc.nat(40).map((size) => size.toString(16)),
    fc.constantFrom('ffffffffffffffff', '7fffffff', `${hex}\u0000`),
  );
};

const chunk = fc
  .string({ maxLength: 40, unit: fc.constantFrom('a', 'b', '\r', '\n', '0', ';', ':') })
  .chain((data) =>
    fc.record({
      data: fc.constant(data),
      size: sizeOf(data),
      extension: fc.oneof(
        { weight: 8, arbitrary: fc.constant('') },
        fc.constantFrom(';', ';a=b', ';chunk-signature=00', ` ;a="\r\n"`),
      ),
    }),
  );

const CHUNK_STRINGS = [
  '\r\n',
  '\n',
  '0\r\n',
  '0\r\n\r\n',
  'x-amz-checksum-crc32:AAAA\r\n',
  ';',
  '5\r\nhello\r\n',
];

/** Bodies in chunks of `aws-chunked`: what is forwarded is read as one content by a lenient reader as well. */
export const chunkedTarget = (ground: Ground): Target<ChunkedCase> => ({
  name: 'chunked',
  cases: fc.array(chunk, { maxLength: 4 }).chain((chunks) => {
    const length = chunks.reduce((sum, { data }) => sum + data.length, 0);
    return fc.record({
      chunks: fc.constant(chunks),
      lineEnd: fc.oneof(
        { weight: 20, arbitrary: fc.constant('\r\n') },
        fc.constantFrom('\n', '\r', '\r\n\r\n'),
      ),
      last: fc.oneof({ weight: 10, arbitrary: fc.constant('0') }, fc.constantFrom('00', '', '0;a', '0x0')),
      trailer: fc.oneof(
        { weight: 8, arbitrary: fc.constant('') },
        fc.constantFrom(
          'x-amz-checksum-crc32:AAAAAA==\r\n',
          'x-other:1\r\n',
          ':\r\n',
          'x-amz-checksum-crc32\r\n',
        ),
      ),
      declared: fc.oneof({ weight: 8, arbitrary: fc.constant(length) }, fc.nat(60), fc.constant(-1)),
      edits: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, editsWith(CHUNK_STRINGS, 2)),
    });
  }),
  check: async ({ chunks, lineEnd, last, trailer, declared, edits }) => {
    const lines = chunks.map(({ data, size, extension }) => `${size}${extension}${lineEnd}${data}${lineEnd}`);
    const value = s3Case(
      {
        method: 'PUT',
        target: '/b-1/chunked',
        headers: {
          'content-encoding': 'aws-chunked',
          'x-amz-decoded-content-length': String(declared),
          'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          ...(trailer !== '' && { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
        },
        body: `${lines.join('')}${last}${lineEnd}${trailer}${lineEnd}`,
      },
      edits,
    );
    await sendAndCheck(value, ground, ({ body }) => {
      const content = lenientContent(body.toString('latin1'));
      if (content?.length !== declared)
        throw new Error(`declared were ${declared} bytes, a lenient reader reads ${content?.length}`);
    });
  },
});

/** What a reader makes of chunks that looks at nothing but their sizes. */
function lenientContent(text: string): string | undefined {
  let content = '';
  for (let at = 0; ; ) {
    const end = text.indexOf('\n', at);
    const size = Number.parseInt(text.slice(at, end), 16);
    if (end < 0 || Number.isNaN(size)) return undefined;
    if (size === 0) return content;
    content += text.slice(end + 1, end + 1 + size);
    at = end + 1 + size + (text.startsWith('\r\n', end + 1 + size) ? 2 : 1);
  }
}

const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'folder/c', ' a ', 'ä', '%61') },
  fc.constantFrom(
    '&amp;',
    '&#65;',
    '&#x0;',
    '&#xD;',
    '&e;',
    '<![CDATA[d]]>',
    '<!-- x -->a',
    'a<!-- x -->b',
    '<b/>',
    '',
  ),
);

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .record({
      name: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom('Object', 'Key', 'Quiet', 'VersionId') },
        fc.constantFrom('object', 'KEY', 's3:Key', 'Key ', 'Delete', 'ETag'),
      ),
      attributes: fc.oneof(
        { weight: 8, arbitrary: fc.constant('') },
        fc.constantFrom(
          ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"',
          ' a="1"',
          ' a="1" a="2"',
          ' xml:space="x"',
        ),
      ),
      content: tie('content'),
    })
    .map(({ name, attributes, content }) => `<${name}${attributes}>${content}</${name.trim()}>`),
  content: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    key,
    fc.array(tie('element'), { maxLength: 3 }).map((elements) => elements.join('')),
  ),
}));

const object = fc.oneof(
  { weight: 4, arbitrary: key.map((name) => `<Object><Key>${name}</Key></Object>`) },
  { weight: 1, arbitrary: element },
);

interface XmlCase {
  readonly prolog: string;
  readonly objects: readonly string[];
  readonly edits: readonly Edit[];
}

const XML_EDITS = [
  '<Key>',
  '</Key>',
  '<Object>',
  '<',
  '>',
  '&',
  ']]>',
  '<!DOCTYPE a>',
  '<?x?>',
  '\u0000',
  '\ufeff',
];

/** Documents of DeleteObjects: the keys that were authorized are those that Python reads. */
export const xmlTarget = (ground: Ground): Target<XmlCase> => ({
  name: 'xml',
  cases: fc.record({
    prolog: fc.oneof(
      { weight: 6, arbitrary: fc.constant('') },
      fc.constantFrom(
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        '<?xml version="1.1"?>',
        '<!DOCTYPE Delete [<!ENTITY e "x">]>',
        '<!-- a -->',
        '\n ',
      ),
    ),
    objects: fc.array(object, { minLength: 1, maxLength: 4 }),
    edits: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, editsWith(XML_EDITS, 2)),
  }),
  check: async ({ prolog, objects, edits }) => {
    const body = Buffer.from(`${prolog}<Delete>${objects.join('')}</Delete>`).toString('latin1');
    const call = {
      method: 'POST',
      target: '/b-1?delete',
      headers: { 'content-type': 'application/xml' },
      body,
    };
    const python = ground.readers.readers.find(({ name }) => name.startsWith('Python'));
    await sendAndCheck(s3Case(call, edits), ground, async (request, resources) => {
      const { keys, unreadable } = (await python?.read(request)) ?? {};
      if (python === undefined || unreadable !== undefined) return;
      const wanted = (keys ?? []).map((name) => `arn:aws:s3:::b-1/${name}`);
      if (!isDeepStrictEqual(new Set(wanted), new Set(resources)))
        throw new Error(`Python reads ${JSON.stringify(keys)}, authorized were ${JSON.stringify(resources)}`);
    });
  },
});

type Look = (
  request: ReturnType<FarEnd['take']>[number],
  resources: readonly string[],
) => Promise<void> | void;

/** What must hold for every call, and what `look` says of one that was forwarded. */
async function sendAndCheck(value: CallCase, ground: Ground, look: Look): Promise<void> {
  const bytes = bytesOf(value, signatory(ground.proxy, 'alice'));
  const answer = await withinBound('a call', exchange(ground.proxy.url, bytes));
  const forwarded = ground.farEnd.take();
  await checkExchange(answer, { ...ground, farEnd: { ...ground.farEnd, take: () => forwarded } });
  const resources = ground.proxy.decisions.at(-1)?.checks.map(({ resource }) => resource) ?? [];
  for (const request of forwarded) await look(request, resources);
}
