import { FORBIDDEN } from '../../wire/xml.ts';

/** A part of a multipart upload, as the request that completes it lists it. */
export interface ListedPart {
  readonly number: number;
  /** Without quotes. */
  readonly etag: string;
  /** By header, e.g. `x-amz-checksum-crc32`. */
  readonly checksums: Readonly<Record<string, string>>;
}

type Element = Readonly<Record<string, unknown>>;

/** References to characters are decoded here, in one pass: the parser would decode their result again. */
const OPTIONS = { parseTagValue: false, trimValues: false, processEntities: false, ignoreDeclaration: true };

/**
 * The keys that a DeleteObjects lists; `undefined` for XML with anything else: an upstream might read more
 * of it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export async function readDelete(
  body: Uint8Array,
): Promise<{ readonly keys: readonly string[]; readonly quiet: boolean } | undefined> {
  const root = await onlyChild(body, 'Delete');
  if (root === undefined || !hasOnly(root, ['Object', 'Quiet'])) return undefined;
  const objects = listOf(root.Object);
  const keys = objects.map((object) =>
    isElement(object) && hasOnly(object, ['Key']) ? textOf(object.Key) : undefined,
  );
  const quiet = root.Quiet === undefined ? 'false' : textOf(root.Quiet);
  return keys.length > 0 && keys.every((key) => key !== undefined) && quiet !== undefined
    ? { keys, quiet: quiet.trim() === 'true' }
    : undefined;
}

const CHECKSUM = /^Checksum(?:CRC32|CRC32C|CRC64NVME|MD5|SHA1|SHA256|SHA512)$/;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function readParts(body: Uint8Array): Promise<readonly ListedPart[] | undefined> {
  const root = await onlyChild(body, 'CompleteMultipartUpload');
  if (root === undefined || !hasOnly(root, ['Part'])) return undefined;
  const parts = listOf(root.Part).map(readPart);
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts : undefined;
}

function readPart(part: unknown): ListedPart | undefined {
  if (!isElement(part)) return undefined;
  const names = Object.keys(part).filter((name) => CHECKSUM.test(name));
  if (!hasOnly(part, ['PartNumber', 'ETag', ...names])) return undefined;
  const number = textOf(part.PartNumber);
  const etag = textOf(part.ETag);
  const checksums = names.map((name) => [headerOf(name), textOf(part[name])?.trim()] as const);
  if (number === undefined || etag === undefined || !/^\s*\d{1,5}\s*$/.test(number)) return undefined;
  if (checksums.some(([, value]) => value === undefined)) return undefined;
  return {
    number: Number(number),
    etag: etag.trim().replaceAll('"', ''),
    checksums: Object.fromEntries(checksums.map(([name, value]) => [name, value ?? ''])),
  };
}

const headerOf = (element: string): string =>
  `x-amz-checksum-${element.slice('Checksum'.length).toLowerCase()}`;

/**
 * The region that a CreateBucket names, empty where it names none; `undefined` for XML that asks for anything else.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export async function readLocation(body: Uint8Array): Promise<string | undefined> {
  if (body.length === 0) return '';
  const root = await onlyChild(body, 'CreateBucketConfiguration');
  if (root === undefined || !hasOnly(root, ['LocationConstraint'])) return undefined;
  return root.LocationConstraint === undefined ? '' : textOf(root.LocationConstraint)?.trim();
}

/** A declaration, which another reader could follow, must name what this one reads: XML 1.0 in UTF-8. */
const DECLARATION =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']utf-8["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/i;
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g;
/** Comments, sections, types, instructions: none of it is in what S3's clients send. */
const MARKUP = /<[!?]/;

/** The parser is loaded when there is something to parse: it would cost every start. */
async function onlyChild(body: Uint8Array, name: string): Promise<Element | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body).replace(DECLARATION, '');
    if (MARKUP.test(text) || text.replace(REFERENCE, '').includes('&')) return undefined;
    const { XMLParser } = await import('fast-xml-parser');
    const document: unknown = new XMLParser(OPTIONS).parse(text, true);
    const root = isElement(document) && hasOnly(document, [name]) ? document[name] : undefined;
    return isElement(root) ? root : undefined;
  } catch {
    return undefined;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What an element holds; `undefined` for other elements in it, and for characters that XML 1.0 does not have. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replace(REFERENCE, (_, entity = '', decimal = '', hex = '') =>
    entity === ''
      ? characterOf(decimal === '' ? Number.parseInt(hex, 16) : Number(decimal))
      : (ENTITIES[entity] ?? ''),
  );
  return text.search(FORBIDDEN) >= 0 ? undefined : text;
}

const MOST_CODE_POINT = 0x10ffff;

const characterOf = (code: number): string =>
  code <= MOST_CODE_POINT ? String.fromCodePoint(code) : '\uffff';

/** White space between elements is text of its own. */
function hasOnly(element: Element, names: readonly string[]): boolean {
  return Object.entries(element).every(([name, value]) =>
    name === '#text' ? String(value).trim() === '' : names.includes(name),
  );
}

const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
