/** Registers `<agent-desk>` and everything it is made of. */
import '../call-room/define.ts';
import './define-elements.ts';
