import { describe, expect, it } from 'vitest';
import { readDelete, readLocation, readParts } from '../../../src/services/s3/read-xml.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const deletion = (inside: string) => readDelete(Buffer.from(`<Delete ${NAMESPACE}>${inside}</Delete>`));
const completion = (inside: string) =>
  readParts(Buffer.from(`<CompleteMultipartUpload>${inside}</CompleteMultipartUpload>`));

describe('the keys of a DeleteObjects', () => {
  it('are read as they are written, escapes and white space too', async () => {
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>\n<Delete>\n  <Object><Key> a &amp; &lt;b&gt; &#13;&#xE9;</Key></Object>\n <Object><Key>2</Key></Object><Quiet>true</Quiet></Delete>';
    expect(await readDelete(Buffer.from(body))).toEqual({ keys: [' a & <b> \ré', '2'], quiet: true });
    expect(await deletion('<Object><Key><![CDATA[x]]></Key></Object>')).toBeUndefined();
  });

  it.each([
    ['none', ''],
    ['a version', '<Object><Key>k</Key><VersionId>v</VersionId></Object>'],
    ['two keys of one object', '<Object><Key>k</Key><Key>l</Key></Object>'],
    ['a key in a key', '<Object><Key>k<Key>l</Key></Key></Object>'],
    ['an object of another namespace', '<Object><Key>k</Key></Object><x:Object><Key>l</Key></x:Object>'],
    ['text between', '<Object><Key>k</Key>l</Object>'],
    ['what is not closed', '<Object><Key>k</Key>'],
    ['something else', '<Object><Key>k</Key></Object><Objects/>'],
  ])('are not read with %s', async (_, inside) => {
    expect(await deletion(inside)).toBeUndefined();
  });

  it.each([
    ['another root', '<Remove><Object><Key>k</Key></Object></Remove>'],
    [
      'two roots',
      '<Delete><Object><Key>k</Key></Object></Delete><Delete><Object><Key>l</Key></Object></Delete>',
    ],
    [
      'entities of its own',
      '<!DOCTYPE Delete [<!ENTITY k "l">]><Delete><Object><Key>&k;</Key></Object></Delete>',
    ],
    ['no XML', '{"Delete":{"Object":{"Key":"k"}}}'],
    ['nothing', ''],
  ])('are not read from %s', async (_, body) => {
    expect(await readDelete(Buffer.from(body))).toBeUndefined();
  });

  it('are not read from bytes that are not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('<Delete><Object><Key>'),
      Buffer.from([0xff]),
      Buffer.from('</Key></Object></Delete>'),
    ]);
    expect(await readDelete(body)).toBeUndefined();
  });
});

const deleted = async (declaration: string, key = 'k') =>
  (await readDelete(Buffer.from(`${declaration}<Delete><Object><Key>${key}</Key></Object></Delete>`)))?.keys;

describe('XML that readers could read in two ways', () => {
  it.each([
    '',
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>",
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>',
  ])('is not one that declares itself as %j', async (declaration) => {
    expect(await deleted(declaration)).toEqual(['k']);
  });

  it.each([
    '<?xml version="1.0" encoding="ISO-8859-1"?>',
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<?xml version="1.0" encoding="UTF-7"?>',
    '<?xml version="1.1" encoding="UTF-8"?>',
    '<?xml version="1.0" encoding="UTF-8" encoding="UTF-7"?>',
    '<?xml version="1.0"?><?xml version="1.0" encoding="UTF-7"?>',
    '<?xml-stylesheet href="x"?>',
    '<!-- x -->',
    '<!DOCTYPE Delete>',
  ])('is refused with %j before it', async (declaration) => {
    expect(await deleted(declaration)).toBeUndefined();
  });

  it.each([
    ['&amp;&lt;&gt;&quot;&apos;', '&<>"\''],
    ['&#97;&#x62;&#x1F600;', 'ab\u{1f600}'],
    // What a reference stands for is not read again.
    ['&#38;lt;&amp;#97;&#38;amp;', '&lt;&#97;&amp;'],
    ['a\r\nb&#13;', 'a\nb\r'],
  ])('is not the key %j', async (written, key) => {
    expect(await deleted('', written)).toEqual([key]);
  });

  it.each([
    '&nbsp;',
    '&copy;',
    '&k;',
    'a & b',
    '&#0;',
    '&#x8;',
    '&#xFFFE;',
    '&#x110000;',
    '&#xD800;',
    '&lt',
    '&#;',
  ])('is refused with the reference %s', async (written) => {
    expect(await deleted('', written)).toBeUndefined();
  });
});

describe('the location of a new bucket', () => {
  const location = (inside: string) =>
    readLocation(Buffer.from(`<CreateBucketConfiguration>${inside}</CreateBucketConfiguration>`));
  it('is the one that its configuration names, and nothing is passed over', async () => {
    expect(await readLocation(Buffer.from(''))).toBe('');
    expect(await location('')).toBeUndefined();
    expect(await location('<LocationConstraint>eu-west-1</LocationConstraint>')).toBe('eu-west-1');
    expect(await location('<Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags>')).toBeUndefined();
    expect(await location('<Bucket><Type>Directory</Type></Bucket>')).toBeUndefined();
  });
});

describe('the parts of a multipart upload', () => {
  it('are read with quoted and unquoted tags, and the checksums beside them', async () => {
    const one = '<Part><ETag>"abc"</ETag><PartNumber>1</PartNumber></Part>';
    const two =
      '<Part><PartNumber> 2 </PartNumber><ETag>def</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>';
    expect(await completion(one + two)).toEqual([
      { number: 1, etag: 'abc', checksums: {} },
      { number: 2, etag: 'def', checksums: { 'x-amz-checksum-crc32': 'AAAAAA==' } },
    ]);
  });

  it.each([
    ['none', ''],
    ['a part without a number', '<Part><ETag>a</ETag></Part>'],
    ['a part without a tag', '<Part><PartNumber>1</PartNumber></Part>'],
    ['an unknown element', '<Part><PartNumber>1</PartNumber><ETag>a</ETag><Size>1</Size></Part>'],
    ['a number that is none', '<Part><PartNumber>1e3</PartNumber><ETag>a</ETag></Part>'],
  ])('are not read with %s', async (_, inside) => {
    expect(await completion(inside)).toBeUndefined();
  });
});
