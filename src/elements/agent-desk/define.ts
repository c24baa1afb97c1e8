/** Registers `<agent-desk>` and everything it is made of. */
import '../call-room/define.ts';
import '../call-room/define-chat.ts'; // an agent writes in most calls
import './define-elements.ts';
