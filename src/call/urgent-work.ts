/** For the elements, which render after it. */
export { urgentWorkDone } from '../platform/urgent-work.ts';
