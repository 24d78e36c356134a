// Takes pictures and recordings in: dropped anywhere, pasted, chosen with the file button, or
// photographed.

import { $ } from "./dom.js";
import { size } from "./format.js";
import { t } from "./words.js";

const MOST_BYTES = 22e6; // A request of the default bound, 32 MiB, in base64.
const SIDE = 1600;
const SOUND = /\.(mp3|m4a|aac|wav|flac|ogg|oga|opus|webm)$/i;
const PICTURE = /\.(jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp)$/i;

// Call `take(terms)` with the files that can be searched with, then `refuse(message)` for those that cannot.
export function takeFiles(take, refuse) {
  const takeAll = async (files) => {
    const read = await Promise.all(Array.from(files, asTerm));
    const terms = read.filter((term) => typeof term !== "string");
    const refused = read.filter((term) => typeof term === "string");
    if (terms.length) await take(terms);
    if (refused.length) refuse(refused.join(" "));
  };
  takeChosen("attach", "file", takeAll);
  takeChosen("photograph", "camera", takeAll);
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length || isWriting(event.clipboardData)) return;
    event.preventDefault();
    takeAll(event.clipboardData.files);
  });
  takeDrops(takeAll);
}

function takeChosen(button, input, takeAll) {
  $(button).addEventListener("click", () => $(input).click());
  $(input).addEventListener("change", () => {
    const files = [...$(input).files];
    $(input).value = ""; // So that the same file may be chosen again.
    takeAll(files);
  });
}

// Office programs copy a picture of the words beside the words.
function isWriting({ types }) {
  return types.includes("text/plain") && types.includes("text/html");
}

function takeDrops(takeAll) {
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const show = (change) => {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    $("veil").hidden = depth === 0;
  };
  document.addEventListener("dragenter", (event) => holdsFiles(event) && show(1));
  document.addEventListener("dragleave", (event) => holdsFiles(event) && show(-1));
  document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    show(0);
    takeAll(event.dataTransfer.files);
  });
}

async function asTerm(file) {
  const type = file.type.startsWith("image/") || PICTURE.test(file.name) ? "image" : file.type.startsWith("audio/") || SOUND.test(file.name) ? "audio" : null;
  if (type === null) return t("notMedia", { name: file.name });
  const small = type === "image" ? await shrink(file) : file;
  if (small.size > MOST_BYTES) return t("tooLarge", { name: file.name, size: size(file.size) });
  return { type, file: small, weight: 1, name: file.name && file.name !== "image.png" ? file.name : t("pasted") };
}

// Scale down a photograph too heavy to travel. Others go as they are: by their bytes the server knows
// a picture that is in the library, and leaves it out of its own results.
async function shrink(file) {
  if (file.size <= MOST_BYTES) return file;
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(whole.width, whole.height));
    const canvas = new OffscreenCanvas(Math.round(whole.width * scale), Math.round(whole.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(whole, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
  } catch {
    return file;
  }
}
