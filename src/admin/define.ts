/** Registers the console's elements. */
import { AdminApp } from './app/admin-app.ts';
import { LostSession } from './app/lost-session.ts';
import { SignInForm } from './app/sign-in-form.ts';
import { ThemeMenu } from './app/theme-menu.ts';
import { UnknownAddress } from './app/unknown-address.ts';
import { FlowDrawing } from './flows/flow-drawing.ts';
import { FlowEditor } from './flows/flow-editor.ts';
import { FlowOutline } from './flows/flow-outline.ts';
import { FlowTrialPanel } from './flows/flow-trial.ts';
import { StepForm } from './flows/step-form.ts';
import { StepFrame } from './flows/step-frame.ts';
import { VersionsDialog } from './flows/versions-dialog.ts';
import { AccountPage } from './pages/account/account-page.ts';
import { ChoosePasswordPage } from './pages/account/choose-password-page.ts';
import { SetupPage } from './pages/account/setup-page.ts';
import { AgentForm } from './pages/agents/agent-form.ts';
import { ApiKeyForm } from './pages/api-keys/api-key-form.ts';
import { CallPage } from './pages/calls/call-page.ts';
import { CannedReplyForm } from './pages/canned-replies/canned-reply-form.ts';
import { DispositionsPage } from './pages/dispositions/dispositions-page.ts';
import { FlowPage } from './pages/flows/flow-page.ts';
import { NewFlowForm } from './pages/flows/new-flow-form.ts';
import { ExceptionsEditor } from './pages/hours/exceptions-editor.ts';
import { HoursForm } from './pages/hours/hours-form.ts';
import { WeeklyTableEditor } from './pages/hours/weekly-table-editor.ts';
import { LiveBoardPage } from './pages/live-board/live-board-page.ts';
import { CallSearch } from './pages/calls/call-search.ts';
import { CallRecording } from './pages/recordings/call-recording.ts';
import { RecordingPlayer } from './pages/recordings/recording-player.ts';
import { RecordingTimeline } from './pages/recordings/recording-timeline.ts';
import { RecordingReportElement } from './pages/recordings/recording-report.ts';
import { ReportChart } from './pages/reports/report-chart.ts';
import { ReportRatings } from './pages/reports/report-ratings.ts';
import { ReportSteps } from './pages/reports/report-steps.ts';
import { ReportsPage } from './pages/reports/reports-page.ts';
import { ButtonPreview } from './pages/site/button-preview.ts';
import { ErasureListElement } from './pages/site/erasure-list.ts';
import { RetentionPage } from './pages/site/retention-page.ts';
import { SitePage } from './pages/site/site-page.ts';
import { RoutingRulesEditor } from './pages/skill-groups/routing-rules-editor.ts';
import { SkillGroupForm } from './pages/skill-groups/skill-group-form.ts';
import { WebhookForm } from './pages/webhooks/webhook-form.ts';
import { ConfirmDialog } from './parts/confirm-dialog.ts';
import { ConflictDialog } from './parts/conflict-dialog.ts';
import { ConsoleNotices } from './parts/console-notices.ts';
import { ListPage } from './parts/list-page.ts';
import { MembershipEditor } from './parts/membership-editor.ts';
import { SecretDialog } from './parts/secret-dialog.ts';
import { ShareLink } from './parts/share-link.ts';

const elements = {
  'rtc-account-page': AccountPage,
  'rtc-admin-app': AdminApp,
  'rtc-agent-form': AgentForm,
  'rtc-api-key-form': ApiKeyForm,
  'rtc-button-preview': ButtonPreview,
  'rtc-erasure-list': ErasureListElement,
  'rtc-call-page': CallPage,
  'rtc-call-recording': CallRecording,
  'rtc-call-search': CallSearch,
  'rtc-canned-reply-form': CannedReplyForm,
  'rtc-choose-password-page': ChoosePasswordPage,
  'rtc-confirm-dialog': ConfirmDialog,
  'rtc-conflict-dialog': ConflictDialog,
  'rtc-console-notices': ConsoleNotices,
  'rtc-dispositions-page': DispositionsPage,
  'rtc-exceptions-editor': ExceptionsEditor,
  'rtc-flow-drawing': FlowDrawing,
  'rtc-flow-editor': FlowEditor,
  'rtc-flow-outline': FlowOutline,
  'rtc-flow-page': FlowPage,
  'rtc-flow-trial': FlowTrialPanel,
  'rtc-hours-form': HoursForm,
  'rtc-list-page': ListPage,
  'rtc-live-board-page': LiveBoardPage,
  'rtc-lost-session': LostSession,
  'rtc-membership-editor': MembershipEditor,
  'rtc-new-flow-form': NewFlowForm,
  'rtc-recording-player': RecordingPlayer,
  'rtc-recording-timeline': RecordingTimeline,
  'rtc-recording-report': RecordingReportElement,
  'rtc-report-chart': ReportChart,
  'rtc-report-ratings': ReportRatings,
  'rtc-report-steps': ReportSteps,
  'rtc-reports-page': ReportsPage,
  'rtc-retention-page': RetentionPage,
  'rtc-routing-rules-editor': RoutingRulesEditor,
  'rtc-secret-dialog': SecretDialog,
  'rtc-setup-page': SetupPage,
  'rtc-share-link': ShareLink,
  'rtc-sign-in-form': SignInForm,
  'rtc-site-page': SitePage,
  'rtc-skill-group-form': SkillGroupForm,
  'rtc-step-form': StepForm,
  'rtc-step-frame': StepFrame,
  'rtc-theme-menu': ThemeMenu,
  'rtc-unknown-address': UnknownAddress,
  'rtc-versions-dialog': VersionsDialog,
  'rtc-webhook-form': WebhookForm,
  'rtc-weekly-table-editor': WeeklyTableEditor,
};
for (const [name, element] of Object.entries(elements)) customElements.define(name, element);
