/**
 * Where the files lie that the virtual background needs; the build of the bundles puts them beside itself, and their
 * address here (.config/trtc-assets.mjs). Null in a bundle of somebody else's, who says where they are.
 */
export const TRTC_ASSETS: string | null = null;
