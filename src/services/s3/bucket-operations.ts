import { xmlElement } from '../../wire/xml.ts';
import { answer, isoMillis, noSuchBucket, S3_NAMESPACE, type S3Operation, text, xmlAnswer } from './call.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const listBuckets: S3Operation = async (call, { store }) => {
  const prefix = text(call, 'prefix');
  const buckets = (await store.buckets())
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, createdAt }) =>
      xmlElement('Bucket', [xmlElement('Name', name), xmlElement('CreationDate', isoMillis(createdAt))]),
    );
  const owner = xmlElement('Owner', [xmlElement('ID', 'personalize-authz-proxy')]);
  return xmlAnswer(
    call,
    xmlElement('ListAllMyBucketsResult', [owner, xmlElement('Buckets', buckets)], S3_NAMESPACE),
  );
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: S3Operation = async (call, { store, region }) => {
  const found = await store.hasBucket(text(call, 'Bucket'));
  return found ? answer(call, 200, { 'x-amz-bucket-region': region }) : noSuchBucket(call);
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const createBucket: S3Operation = async (call, { store }) => {
  const bucket = text(call, 'Bucket');
  await store.createBucket(bucket);
  return answer(call, 200, { location: `/${bucket}` });
};

/** The first region has no name here. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export const getBucketLocation: S3Operation = async (call, { store, region }) => {
  const found = await store.hasBucket(text(call, 'Bucket'));
  if (!found) return noSuchBucket(call);
  const constraint = region === 'us-east-1' ? '' : region;
  return xmlAnswer(call, xmlElement('LocationConstraint', constraint, S3_NAMESPACE));
};
