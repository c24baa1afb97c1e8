/** Registers `<agent-desk>`, its inner elements, and the room with its conversation. */
import '../call-room/chat/define-chat.ts';
import '../call-room/define.ts';
import '../recording/define-recording-mark.ts';
import { AgentDesk } from './agent-desk.ts';
import { DeskToast } from './alerts/desk-toast.ts';
import { BlurToggle } from './call/blur-toggle.ts';
import { CallView } from './call/call-view.ts';
import { DeskHeader } from './header/desk-header.ts';
import { DeskNotices } from './header/desk-notices.ts';
import { SignOut } from './header/sign-out.ts';
import { PastCallDialog } from './history/past-call-dialog.ts';
import { VisitorHistory } from './history/visitor-history.ts';
import { IncomingCall } from './incoming/incoming-call.ts';
import { FollowUpList } from './overview/follow-up-list.ts';
import { QueueList } from './overview/queue-list.ts';
import { TodayList } from './overview/today-list.ts';
import { WaitingList } from './overview/waiting-list.ts';
import { ChangePassword } from './password/change-password.ts';
import { ReplyPicker } from './replies/reply-picker.ts';
import { SignInForm } from './sign-in/sign-in-form.ts';
import { ParamsList } from './visitor/params-list.ts';
import { VisitorDetails } from './visitor/visitor-details.ts';
import { PastConversation } from './wrap-up/past-conversation.ts';
import { WrapUpForm } from './wrap-up/wrap-up-form.ts';
import { WrapUpPane } from './wrap-up/wrap-up-pane.ts';

const elements = {
  'rtc-blur-toggle': BlurToggle,
  'rtc-call-view': CallView,
  'rtc-change-password': ChangePassword,
  'rtc-desk-header': DeskHeader,
  'rtc-desk-notices': DeskNotices,
  'rtc-desk-toast': DeskToast,
  'rtc-incoming-call': IncomingCall,
  'rtc-params-list': ParamsList,
  'rtc-past-call-dialog': PastCallDialog,
  'rtc-past-conversation': PastConversation,
  'rtc-follow-up-list': FollowUpList,
  'rtc-queue-list': QueueList,
  'rtc-reply-picker': ReplyPicker,
  'rtc-sign-in-form': SignInForm,
  'rtc-sign-out': SignOut,
  'rtc-today-list': TodayList,
  'rtc-visitor-details': VisitorDetails,
  'rtc-visitor-history': VisitorHistory,
  'rtc-waiting-list': WaitingList,
  'rtc-wrap-up': WrapUpPane,
  'rtc-wrap-up-form': WrapUpForm,
  'agent-desk': AgentDesk,
};

// A page may load two versions of the script: the classes that came first stay.
for (const [tag, element] of Object.entries(elements)) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
