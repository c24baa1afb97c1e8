import { msg, str } from '@lit/localize';
import type { DeviceCheck, DeviceCheckId } from '../../../protocol/device-report.ts';
import { deviceErrorText, say, type ErrorText } from './device-error-texts.ts';

/** What a check is called. */
export function checkName(id: DeviceCheckId): string {
  switch (id) {
    case 'browser':
      return msg('Browser');
    case 'camera':
      return msg('Camera');
    case 'microphone':
      return msg('Microphone');
    case 'speaker':
      return msg('Speaker');
    case 'signaling':
      return msg('Connection to the server');
    case 'turn-udp':
      return msg('Relay over UDP');
    case 'turn-tcp':
      return msg('Relay over TCP');
    case 'turn-tls':
      return msg('Relay over TLS');
    case 'network':
      return msg('Quality of the connection');
  }
}

/** What was measured, in a few words; '' if there is nothing to say. */
export function checkFigures({ id, data }: DeviceCheck): string {
  switch (id) {
    case 'camera':
      return data['width'] ? `${data['width']} × ${data['height']}` : '';
    case 'signaling':
      return data['roundTripMs'] === undefined ? '' : `${data['roundTripMs']} ms`;
    case 'network':
      return networkFigures(data);
    default:
      return '';
  }
}

function networkFigures(data: DeviceCheck['data']): string {
  const { kilobits, loss, roundTripMs } = data;
  const parts: string[] = [];
  if (typeof kilobits === 'number') parts.push(`${(kilobits / 1_000).toFixed(1)} Mb/s`);
  if (typeof roundTripMs === 'number') parts.push(`${roundTripMs} ms`);
  if (typeof loss === 'number') parts.push(msg(str`${Math.round(loss * 100)} % lost`));
  return parts.join(' · ');
}

/** What is wrong and what helps. `code` is that of a check that did not pass. */
export function remedy(code: string): ErrorText {
  switch (code) {
    case 'insecure-context':
    case 'unsupported-browser':
    case 'permission-denied':
    case 'no-camera':
    case 'no-microphone':
    case 'device-busy':
    case 'media-failed':
      return deviceErrorText(code);
    case 'camera-no-picture':
      return say(
        msg('The camera sends no picture.'),
        msg('Unplug it and plug it in again, or choose another one.'),
      );
    case 'camera-black':
      return say(
        msg('The camera’s picture is black.'),
        msg('Open the cover of the camera, or switch on a light.'),
      );
    case 'camera-small':
      return say(
        msg('The camera’s picture is small.'),
        msg('Small print may not be readable. Another camera would be better.'),
      );
    case 'microphone-silent':
      return say(
        msg('The microphone heard nothing.'),
        msg('Speak while it is tested, or choose another microphone in the system’s settings.'),
      );
    case 'no-sound':
      return say(
        msg('This browser cannot play sound at the moment.'),
        msg('Close other tabs and try again.'),
      );
    case 'tone-not-heard':
      return say(
        msg('You did not hear the tone.'),
        msg('Turn the volume up, or choose another speaker in the system’s settings.'),
      );
    case 'signaling-blocked':
      return say(
        msg('The server cannot be reached.'),
        msg('A firewall may block WebSockets. Try another network.'),
      );
    case 'signaling-refused':
      return say(
        msg('The server refused this page.'),
        msg('The owner of this website can add its address to the list of allowed pages.'),
      );
    case 'signaling-slow':
      return say(
        msg('The connection to the server is slow.'),
        msg('You can call, with some delay.'),
      );
    case 'udp-blocked':
      return say(
        msg('The network blocks UDP.'),
        msg('Calls then use TCP or TLS, with lower quality.'),
      );
    case 'tcp-blocked':
      return say(msg('The network blocks the relay over TCP.'));
    case 'tls-blocked':
      return say(
        msg('The network blocks the relay over TLS.'),
        msg('If UDP and TCP are blocked too, video does not get through. Try another network.'),
      );
    case 'relay-not-connected':
      return say(
        msg('Video does not get through the relay.'),
        msg('A firewall may block it. Try another network, for example that of your phone.'),
      );
    case 'network-loss':
      return say(
        msg('Much of what is sent gets lost on the way.'),
        msg('Come closer to the Wi-Fi router, or use a cable.'),
      );
    case 'network-delay':
      return say(
        msg('The connection has a long delay.'),
        msg('Stop downloads, or try another network.'),
      );
    case 'network-slow':
      return say(
        msg('The connection is slow.'),
        msg('Stop downloads and other video on this network.'),
      );
    case 'cloud-unsupported':
      return say(
        msg('This browser does not support the cloud that carries calls on this website.'),
        msg('Use a current Chrome, Edge, Firefox or Safari.'),
      );
    case 'cloud-blocked':
      return say(
        msg('The network blocks the cloud that carries calls on this website.'),
        msg('A firewall may block it. Try another network, for example that of your phone.'),
      );
    case 'cloud-refused':
      return say(
        msg('The cloud that carries calls on this website refused the test.'),
        msg('The owner of this website can check its account.'),
      );
    case 'no-turn-server':
      return say(msg('This server has no relay for it.'));
    case 'no-credentials':
      return say(
        msg('The server does not give access to its relay at the moment.'),
        msg('Try again in ten minutes.'),
      );
    default:
      return say(msg('This could not be tested.'));
  }
}
