import { Component, signal } from '@angular/core';
import 'rtc-desk';
import { VideoCallButtonInputs } from './video-call-button-inputs';

@Component({
  selector: 'app-help',
  imports: [VideoCallButtonInputs],
  template: `
    <main>
      <h1>Help with meter {{ device }}</h1>
      <video-call-button
        server="https://desk.example.com"
        site="acme"
        [params]="{ device }"
        (call-queued)="news.set('Your place in line: ' + $event.detail.position)"
        (call-ended)="news.set('The call is over: ' + $event.detail.reason)"
      >
        <span slot="label">Show us the meter</span>
      </video-call-button>
      <p role="status">{{ news() }}</p>
    </main>
  `,
})
export class Help {
  readonly device = 'METER-0042';
  readonly news = signal('');
}
