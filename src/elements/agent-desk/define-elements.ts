import { AgentDesk } from './agent-desk.ts';
import { BlurToggle } from './blur-toggle.ts';
import { CallView } from './call-view.ts';
import { DeskHeader } from './desk-header.ts';
import { DeskNotices } from './desk-notices.ts';
import { DeskToast } from './desk-toast.ts';
import { IncomingCall } from './incoming-call.ts';
import { ParamsList } from './params-list.ts';
import { PastConversation } from './past-conversation.ts';
import { SignInForm } from './sign-in-form.ts';
import { TodayList } from './today-list.ts';
import { VisitorDetails } from './visitor-details.ts';
import { WaitingList } from './waiting-list.ts';
import { WrapUpPane } from './wrap-up-pane.ts';

const elements = {
  'rtc-blur-toggle': BlurToggle,
  'rtc-call-view': CallView,
  'rtc-desk-header': DeskHeader,
  'rtc-desk-notices': DeskNotices,
  'rtc-desk-toast': DeskToast,
  'rtc-incoming-call': IncomingCall,
  'rtc-params-list': ParamsList,
  'rtc-past-conversation': PastConversation,
  'rtc-sign-in-form': SignInForm,
  'rtc-today-list': TodayList,
  'rtc-visitor-details': VisitorDetails,
  'rtc-waiting-list': WaitingList,
  'rtc-wrap-up': WrapUpPane,
  'agent-desk': AgentDesk,
};

// A page may paste the script twice, in two versions: the first one holds.
for (const [tag, element] of Object.entries(elements)) {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
