/**
 * The address of the files that the virtual background needs. Our build puts the files beside the bundles and their
 * address here (.config/trtc-assets.mjs). Null in other bundles: there the caller gives the address.
 */
export const TRTC_ASSETS: string | null = null;
