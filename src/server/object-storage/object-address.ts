const ADDRESS = /^s3:\/\/([^/]+)\/(.*)$/;
/** In an endpoint, the place of the bucket's name. */
const BUCKET = '{bucket}';

interface ObjectAddress {
  readonly bucket: string;
  /** Empty: the bucket itself. */
  readonly key: string;
}

/** Throws for what is no address. */
export function parseObjectAddress(address: string): ObjectAddress {
  const [, bucket, key] = ADDRESS.exec(address) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`${address} is no address.`);
  return { bucket, key };
}

/** `s3://bucket/prefix`, without a slash at its end, and `name` under it. */
export const objectAddress = (folder: string, name: string): string =>
  `${folder.replace(/\/$/, '')}/${name}`;

/**
 * The URL of a key in a bucket. The endpoint's `{bucket}` is the bucket's place; without it the bucket begins the path.
 */
export function objectUrl(endpoint: string, { bucket, key }: ObjectAddress): URL {
  const hasPlace = endpoint.includes(BUCKET);
  const base = endpoint.replace(BUCKET, bucket).replace(/\/$/, '');
  const path = key.split('/').map(encodeURIComponent).join('/');
  return new URL(hasPlace ? `${base}/${path}` : `${base}/${bucket}${key && '/'}${path}`);
}

/** Amazon's endpoint of a region. */
export const amazonEndpoint = (region: string): string =>
  `https://${BUCKET}.s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
