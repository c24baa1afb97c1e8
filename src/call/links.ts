export { splitLinks, type TextPart } from '../chat/links.ts';
