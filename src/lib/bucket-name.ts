const MOST_CHARACTERS = 63;

const BUCKET_NAME =
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]+[a-z0-9]$/;
const RESERVED_END = /(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/**
 * Whether this is a valid bucket name. No valid name can escape a folder: `..` and `a/b` are invalid.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const isBucketName = (name: string): boolean =>
  name.length <= MOST_CHARACTERS && BUCKET_NAME.test(name) && !RESERVED_END.test(name);
