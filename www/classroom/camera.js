import { canvasFile } from '../api/canvas.js';
import { toError } from '../api/errors.js';
import { unkept } from '../files/unkept.js';
import { h, setText } from '../ui/dom.js';
import { overlaysAreLate } from '../ui/overlay-canvas.js';
import { text } from './text.js';

/** The longer side of what the network is given, in pixels: more than any bundled network takes. */
const SIDE = 480;
/** Of the JPEG: its traces are finer than a camera's own noise. */
const QUALITY = 0.92;

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/**
 * The camera as the photo looked at, picture by picture: the next is taken when the network is done with the one before.
 * @param {import('../page/session/session.js').Session} session
 */
export function createCamera(session) {
  const video = h('video', { muted: true, playsInline: true, hidden: true });
  const line = h('p', { className: 'note', role: 'status' }, text.camera.stopped);
  const toggle = h(
    'button',
    { type: 'button', className: 'primary', onclick: () => (stream ? stop(text.camera.taken) : start()) },
    text.camera.start,
  );
  const element = h(
    'div',
    { className: 'camera' },
    video,
    h('div', {}, h('p', { className: 'buttons' }, toggle), line),
  );
  /** @type {MediaStream | null} */
  let stream = null;

  async function start() {
    toggle.disabled = true;
    setText(line, text.camera.starting);
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
    } catch (error) {
      const isDenied = error instanceof DOMException && error.name === 'NotAllowedError';
      setText(line, isDenied ? text.camera.denied : text.camera.missing);
      return;
    } finally {
      toggle.disabled = false;
    }
    // It may have been hidden while the visitor was asked.
    if (document.hidden || !element.isConnected) return stop(text.camera.hidden);
    setText(toggle, text.camera.stop);
    setText(line, text.camera.live);
    video.srcObject = stream;
    video.hidden = false;
    stream.getVideoTracks()[0]?.addEventListener('ended', () => stop(text.camera.stopped));
    try {
      await video.play();
      await follow(stream);
    } catch (error) {
      if (toError(error).code === 'canvas-noise') return stop(text.camera.noise);
      stop(text.camera.stopped);
      session.report(error);
    }
  }

  /** @param {MediaStream} followed */
  async function follow(followed) {
    while (stream === followed) {
      await nextFrame();
      if (stream !== followed) return;
      const frame = await takeFrame(video);
      if (stream !== followed) return;
      if (!frame) continue;
      if (!(await session.lookAtFrame(frame, text.camera.name)) && stream === followed) return stop(text.camera.left);
      // All tiles shall be of one picture.
      await drawn();
    }
  }

  async function drawn() {
    do await nextFrame();
    while (stream && (session.state.status === 'busy' || !session.isDrawn || overlaysAreLate()));
  }

  /** Gives the camera back, so that its light goes out. @param {string} why */
  function stop(why) {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.hidden = true;
    session.endFrames();
    setText(toggle, text.camera.start);
    setText(line, why);
  }

  const stopIfHidden = () => {
    if (document.hidden && stream) stop(text.camera.hidden);
  };
  document.addEventListener('visibilitychange', stopIfHidden);
  addEventListener('pagehide', () => stream && stop(text.camera.hidden));

  return {
    element,
    stop: () => {
      if (stream) stop(text.camera.stopped);
    },
  };
}

/**
 * The camera's picture of now, as a file like any photo, so that it can be shared and saved like one.
 * @param {HTMLVideoElement} video
 * @returns {Promise<File | null>} null before there is any
 */
async function takeFrame(video) {
  const { videoWidth, videoHeight } = video;
  const factor = Math.min(1, SIDE / Math.max(videoWidth, videoHeight));
  if (!videoWidth || !videoHeight) return null;
  const canvas = new OffscreenCanvas(Math.round(videoWidth * factor), Math.round(videoHeight * factor));
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await canvasFile(canvas, { type: 'image/jpeg', quality: QUALITY });
  const frame = new File([blob], 'camera.jpg', { type: blob.type });
  unkept.add(frame);
  return frame;
}
