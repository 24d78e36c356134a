// Records a spoken query and hands it on as 16 kHz mono WAV, which needs no codec on the server.

import { wav } from "./wav.js";

const RATE = 16000;
const LONGEST = 55; // Seconds; the server's default bound on a spoken query is 60.

export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
}

// Start recording. Returns a function that stops it; `done` then gets a WAV file, `tick` the seconds.
export async function record(done, tick) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
  const recorder = new MediaRecorder(stream);
  const pieces = [];
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    tick(seconds);
    if (seconds >= LONGEST) recorder.stop();
  }, 1000);
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  recorder.addEventListener("stop", async () => {
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    done(await asWav(new Blob(pieces, { type: recorder.mimeType })));
  });
  recorder.start();
  return () => recorder.state === "recording" && recorder.stop();
}

async function asWav(blob) {
  const context = new AudioContext();
  try {
    const decoded = await context.decodeAudioData(await blob.arrayBuffer());
    const offline = new OfflineAudioContext(1, Math.ceil(decoded.duration * RATE), RATE);
    const source = offline.createBufferSource();
    source.buffer = decoded;
    source.connect(offline.destination);
    source.start();
    return wav((await offline.startRendering()).getChannelData(0), RATE);
  } catch {
    return blob; // The server reads WebM and Ogg too.
  } finally {
    context.close();
  }
}
