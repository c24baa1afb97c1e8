import { expect } from '@open-wc/testing';
import type { ReactiveController } from 'lit';
import { OwnRoom } from '../../../src/elements/call-room/own-room.ts';

describe('the room that an element enters by its token', () => {
  function open() {
    const controllers: ReactiveController[] = [];
    const host = Object.assign(document.createElement('div'), {
      addController: (controller: ReactiveController) => controllers.push(controller),
      removeController: () => {},
      requestUpdate: () => {},
      updateComplete: Promise.resolve(true),
    });
    document.body.append(host);
    const own = new OwnRoom(host, (error) => {
      throw error;
    });
    for (const controller of controllers) controller.hostConnected?.();
    const close = () => {
      host.remove();
      for (const controller of controllers) controller.hostDisconnected?.();
      own.enter(null, '');
    };
    return { own, close };
  }

  it('is left when the page is closed, and entered again by a page out of the cache', () => {
    const { own, close } = open();
    own.enter(location.origin, 'token');
    const first = own.room;
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(first?.getSnapshot().state).to.equal('left');
    expect(own.room).to.equal(null);
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(own.room).to.not.equal(null);
    expect(own.room).to.not.equal(first);
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }));
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    expect(own.room).to.equal(null);
    close();
  });
});
