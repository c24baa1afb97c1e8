import { Directive, ElementRef, Input, inject } from '@angular/core';
import type { VideoCallButton } from 'rtc-desk/elements';

/**
 * Lets Angular check what templates set on `<video-call-button>`. Without such a directive a component needs
 * `CUSTOM_ELEMENTS_SCHEMA`, with which nothing is checked. Add the inputs that you use.
 */
@Directive({ selector: 'video-call-button' })
export class VideoCallButtonInputs {
  readonly #button = inject<ElementRef<VideoCallButton>>(ElementRef).nativeElement;

  @Input() set server(value: string) {
    this.#button.server = value;
  }
  @Input({ required: true }) set site(value: string) {
    this.#button.site = value;
  }
  @Input() set skill(value: string) {
    this.#button.skill = value;
  }
  @Input() set placement(value: VideoCallButton['placement']) {
    this.#button.placement = value;
  }
  @Input() set params(value: Record<string, string>) {
    this.#button.params = value;
  }
}
