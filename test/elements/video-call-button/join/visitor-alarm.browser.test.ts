import { expect } from '@open-wc/testing';
import { VisitorAlarm } from '../../../../src/elements/video-call-button/join/visitor-alarm.ts';

/** What the alarm makes of the browser. */
class Signs {
  readonly notices: { title: string; open: boolean }[] = [];
  readonly vibrations: unknown[] = [];
  sounds = 0;
  hidden = true;
  readonly #undo: (() => void)[] = [];

  constructor(permission: NotificationPermission) {
    const { notices } = this;
    const replace = (target: object, name: string, descriptor: PropertyDescriptor) => {
      Object.defineProperty(target, name, { configurable: true, ...descriptor });
      this.#undo.push(() => Reflect.deleteProperty(target, name));
    };
    replace(document, 'hidden', { get: () => this.hidden });
    replace(navigator, 'vibrate', { value: (pattern: unknown) => this.vibrations.push(pattern) });
    const { Notification: ownNotification } = window;
    window.Notification = class extends EventTarget {
      static readonly permission = permission;
      readonly #notice;
      constructor(title: string) {
        super();
        notices.push((this.#notice = { title, open: true }));
      }
      close() {
        this.#notice.open = false;
      }
    } as unknown as typeof Notification;
    const { start } = AudioBufferSourceNode.prototype;
    const { close } = AudioContext.prototype;
    const change = (by: number) => (this.sounds += by);
    AudioBufferSourceNode.prototype.start = function (...when) {
      change(1);
      return start.apply(this, when);
    };
    AudioContext.prototype.close = function () {
      change(-1);
      return close.call(this);
    };
    this.#undo.push(() => {
      window.Notification = ownNotification;
      AudioBufferSourceNode.prototype.start = start;
      AudioContext.prototype.close = close;
    });
  }

  undo(): void {
    for (const undo of this.#undo) undo();
  }
}

describe('VisitorAlarm', () => {
  const title = document.title;
  let signs: Signs;
  let alarm: VisitorAlarm;
  beforeEach(() => {
    signs = new Signs('granted');
    alarm = new VisitorAlarm();
  });
  afterEach(() => {
    alarm.stop();
    signs.undo();
    document.title = title;
  });

  it('calls by a chime, the title, a notification and vibration, until it is stopped', () => {
    alarm.start('Alice');
    expect(signs.sounds).to.equal(1);
    expect(document.title).to.equal('● Alice is here for you');
    expect(signs.notices).to.deep.equal([{ title: 'Alice is here for you', open: true }]);
    expect(signs.vibrations).to.have.length(1);
    alarm.stop();
    expect(signs.sounds).to.equal(0);
    expect(document.title).to.equal(title);
    expect(signs.notices[0]!.open).to.equal(false);
  });

  it('is silent as soon as the page can be seen', () => {
    alarm.start('Alice');
    signs.hidden = false;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(signs.sounds).to.equal(0);
    expect(document.title).to.equal(title);
  });

  it('does nothing on a page that can be seen', () => {
    signs.hidden = false;
    alarm.start('Alice');
    expect([signs.sounds, signs.notices.length, signs.vibrations.length]).to.deep.equal([0, 0, 0]);
  });

  it('shows no notification that the visitor has not allowed', () => {
    signs.undo();
    signs = new Signs('default');
    alarm.start('Alice');
    expect(signs.notices).to.deep.equal([]);
    expect(signs.sounds).to.equal(1);
  });
});
