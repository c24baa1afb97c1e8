/** For a room of more than two, a shared screen or a pinned tile. A chunk of its own. */
export { arrange } from './arrangement.ts';
export { placeTiles } from './tile-places.ts';
