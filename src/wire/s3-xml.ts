/** A part of a multipart upload, as the request that completes it lists it. */
export interface ListedPart {
  readonly number: number;
  /** Without quotes. */
  readonly etag: string;
}

type Element = Readonly<Record<string, unknown>>;

const OPTIONS = { parseTagValue: false, trimValues: false, htmlEntities: true, ignoreDeclaration: true };

/**
 * The keys that a DeleteObjects lists; `undefined` for XML that says anything else: whoever it is forwarded to might
 * understand more of it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export async function readDelete(
  body: Uint8Array,
): Promise<{ readonly keys: readonly string[]; readonly quiet: boolean } | undefined> {
  const root = await onlyChild(body, 'Delete');
  if (root === undefined || !hasOnly(root, ['Object', 'Quiet'])) return undefined;
  const objects = listOf(root.Object);
  const keys = objects.map((object) =>
    isElement(object) && hasOnly(object, ['Key']) ? object.Key : undefined,
  );
  const { Quiet: quiet = 'false' } = root;
  return keys.length > 0 && keys.every((key) => typeof key === 'string') && typeof quiet === 'string'
    ? { keys, quiet: quiet.trim() === 'true' }
    : undefined;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function readParts(body: Uint8Array): Promise<readonly ListedPart[] | undefined> {
  const root = await onlyChild(body, 'CompleteMultipartUpload');
  if (root === undefined) return undefined;
  const parts = listOf(root.Part).map((part) => {
    const { PartNumber: number, ETag: etag } = isElement(part) ? part : {};
    if (typeof number !== 'string' || typeof etag !== 'string' || !/^\s*\d{1,5}\s*$/.test(number))
      return undefined;
    return { number: Number(number), etag: etag.trim().replaceAll('"', '') };
  });
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts : undefined;
}

/** The parser is loaded when there is something to parse: it would cost every start. */
async function onlyChild(body: Uint8Array, name: string): Promise<Element | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (text.includes('<!')) return undefined;
    const { XMLParser } = await import('fast-xml-parser');
    const document: unknown = new XMLParser(OPTIONS).parse(text, true);
    const root = isElement(document) && hasOnly(document, [name]) ? document[name] : undefined;
    return isElement(root) ? root : undefined;
  } catch {
    return undefined;
  }
}

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
