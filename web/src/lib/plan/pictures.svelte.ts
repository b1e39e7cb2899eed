// The composer's pictures: made to fit, uploaded, described, put in order.
import { api, ask, type Schemas } from '../api/client';
import { fmt } from '../shared/fmt.svelte';
import { sentenceOf } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { session } from '../team/session.svelte';
import { fit, NotAnImage, TooLarge } from './shrink';

export class Picture {
  mediaId = $state<string | null>(null);
  alt = $state('');
  url = $state('');
  note = $state('');
  error = $state('');
  /** What this screen does not show (focus, cover) stays as it is stored. */
  stored: Schemas['PostMedia'] | null = null;
  readonly key = crypto.randomUUID();

  static of(image: Schemas['PostMedia']): Picture {
    const picture = new Picture();
    picture.stored = image;
    picture.mediaId = image.media_id;
    picture.alt = image.alt;
    picture.url = `/api/v1/workspaces/${session.path.workspace}/media/${image.media_id}`;
    return picture;
  }

  get isUploading() {
    return this.mediaId === null && this.error === '';
  }

  async upload(file: Blob, maxBytes: number, types: string[]) {
    this.url = URL.createObjectURL(file);
    try {
      const fitted = await fit(file, maxBytes, types);
      if (fitted.isShrunk) {
        this.note = t('compose.shrunk', { before: fmt.bytes(fitted.before), after: fmt.bytes(fitted.blob.size) });
      }
      const media = await ask(api.POST('/api/v1/workspaces/{workspace}/media', {
        params: { path: session.path },
        body: fitted.blob as unknown as string,
        bodySerializer: (body: unknown) => body as BodyInit,
        headers: { 'Content-Type': fitted.blob.type },
      }));
      this.mediaId = media.id;
    } catch (error) {
      if (error instanceof NotAnImage) this.error = t('compose.notAnImage');
      else if (error instanceof TooLarge) this.error = t('compose.shrinkFailed', { max: fmt.bytes(maxBytes) });
      else this.error = sentenceOf(error);
    }
  }
}

export class Pictures {
  list = $state<Picture[]>([]);
  note = $state('');

  constructor(private readonly onchange: () => void) {}

  set(images: Schemas['PostMedia'][]) {
    this.list = images.map((image) => Picture.of(image));
    this.note = '';
  }

  get images(): Schemas['PostMedia'][] {
    return this.list.flatMap(({ stored, mediaId, alt }) => (mediaId ? [{ ...stored, media_id: mediaId, alt }] : []));
  }

  get isUploading() {
    return this.list.some((picture) => picture.isUploading);
  }

  get withoutAlt() {
    return this.list.filter((picture) => !picture.error && !picture.alt.trim()).length;
  }

  async add(files: Iterable<File>, limits: { count: number; bytes: number; types: string[] }) {
    const room = Math.max(limits.count - this.list.length, 0);
    const all = [...files];
    this.note = all.length > room ? t('compose.tooManyImages', { count: limits.count }) : '';
    const added = all.slice(0, room).map((file) => ({ file, picture: new Picture() }));
    this.list = [...this.list, ...added.map(({ picture }) => picture)];
    await Promise.all(added.map(({ file, picture }) => picture.upload(file, limits.bytes, limits.types)));
    this.onchange();
  }

  remove(picture: Picture) {
    this.list = this.list.filter((one) => one !== picture);
    this.note = '';
    this.onchange();
  }

  /** Puts one back where it was: the undo of remove. */
  insert(picture: Picture, at: number) {
    this.list = this.list.toSpliced(at, 0, picture);
    this.onchange();
  }

  move(picture: Picture, step: -1 | 1) {
    const from = this.list.indexOf(picture);
    const to = from + step;
    if (to < 0 || to >= this.list.length) return;
    this.list = this.list.toSpliced(from, 1).toSpliced(to, 0, picture);
    this.onchange();
  }
}
