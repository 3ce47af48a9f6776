import { expect, it } from 'vitest';
import { bucketInArn } from '../../../src/directory/bucket-policies.ts';
import { readDirectory } from '../../../src/directory/read-directory.ts';
import { temporaryFolder } from './temporary-folder.ts';

const bucketPolicy = (resource: string, principal = ', "Principal": "*"') =>
  `{ "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow"${principal}, "Action": "s3:GetObject", "Resource": "${resource}" }] }`;

async function read(files: Readonly<Record<string, string>>) {
  await using folder = await temporaryFolder({ 'principals.yaml': '', ...files });
  const result = await readDirectory(folder.options);
  if (result.ok) return { buckets: [...result.value.bucketPolicies.keys()], diagnostics: [] };
  const diagnostics = result.error.map(({ file = '', line, column, rule }) =>
    [file.slice(folder.path.length + 1), line, column, rule].join(':'),
  );
  return { buckets: [], diagnostics };
}

it('reads the files of policies/buckets/ as the policies of the buckets in their names', async () => {
  expect(
    await read({
      'policies/buckets/shop-data.json': bucketPolicy('arn:aws:s3:::shop-data/*'),
      'policies/buckets/my.bucket.yaml':
        'Version: "2012-10-17"\nStatement: [{ Effect: Deny, Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::my.*" }]\n',
    }),
  ).toEqual({ buckets: ['my.bucket', 'shop-data'], diagnostics: [] });
});

it('reports statements that are invalid in a policy of that bucket, with their position', async () => {
  const { diagnostics } = await read({
    'policies/buckets/Shop_Data.json': bucketPolicy('arn:aws:s3:::Shop_Data/*'),
    'policies/buckets/shop-data.json': bucketPolicy('arn:aws:s3:::other/*'),
    'policies/buckets/shop-logs.json': bucketPolicy('arn:aws:s3:::shop-logs/*', ''),
  });
  expect(diagnostics).toEqual([
    'policies/buckets/Shop_Data.json:::bucket-name',
    'policies/buckets/shop-data.json:2:94:bucket-resource',
    'policies/buckets/shop-logs.json:2:17:missing-principal',
  ]);
});

it.each([
  ['arn:aws:s3:::shop/in/a:b.csv', 'shop'],
  ['arn:aws:s3:::shop', 'shop'],
  ['arn:aws:iam::123456789012:role/shop', undefined],
  ['*', undefined],
])('returns the bucket of %s', (arn, bucket) => {
  expect(bucketInArn(arn)).toBe(bucket);
});
