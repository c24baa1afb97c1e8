import { Component } from '@angular/core';
import { VideoCallButtonInputs } from '../../../../demo/frameworks/angular/video-call-button-inputs';

@Component({
  selector: 'app-wrong',
  imports: [VideoCallButtonInputs],
  template: `
    <video-call-button site="acme" class="help" placement="inline" />
    <video-call-button site="acme" placement="wrong" />
    <video-call-button site="acme" [params]="{ wrong: 5 }" />
    <video-call-button site="acme" [wrongName]="1" />
    <video-call-button site="acme" (call-ended)="news = $event.detail.wrong" />
  `,
})
export class Wrong {
  news = '';
}
