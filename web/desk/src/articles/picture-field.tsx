import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { get } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { AnswerImage } from "../api/types.ts";
import { uploadFile } from "../api/upload.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

interface PictureFieldProps {
  readonly value: AnswerImage | undefined;
  readonly disabled: boolean;
  readonly onChange: (value: AnswerImage | undefined) => void;
}

const MAX_BYTES = 10 * 1024 * 1024;
const ACCEPT = "image/png,image/jpeg,image/webp,image/gif";

/** A picture before the words: picked, pasted or dropped, with words for who cannot see it. */
export function PictureField({ value, disabled, onChange }: PictureFieldProps) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<number>();
  const [failure, setFailure] = useState<string>();
  const take = async (file: File | undefined) => {
    if (file === undefined || disabled) return;
    if (!ACCEPT.includes(file.type) || file.type === "") return setFailure(t("picture.type"));
    if (file.size > MAX_BYTES) return setFailure(t("picture.size"));
    setFailure(undefined);
    setProgress(0);
    try {
      const { fileId } = await uploadFile(file, {
        path: "/v1/knowledge/pictures",
        onProgress: setProgress,
        signal: new AbortController().signal,
      });
      onChange({ ...(value?.alt && { alt: value.alt }), fileId });
    } catch (error) {
      setFailure(errorWords(error));
    } finally {
      setProgress(undefined);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button does the same.
    <div
      className="field picture"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(event.dataTransfer.files[0]);
      }}
      onPaste={(event) => void take(event.clipboardData.files[0])}
    >
      <span className="label">{t("article.picture")}</span>
      <div className="row">
        {value && <Thumbnail picture={value} />}
        {!disabled && (
          <Button small icon="image" busy={progress !== undefined} onClick={() => picker.current?.click()}>
            {t(value ? "picture.change" : "picture.add")}
          </Button>
        )}
        {value && !disabled && (
          <Button
            look="quiet"
            small
            icon="trash"
            aria-label={t("picture.remove")}
            onClick={() => onChange(undefined)}
          />
        )}
        {progress !== undefined && <progress aria-label={t("picture.uploading")} max={1} value={progress} />}
      </div>
      <input
        ref={picker}
        type="file"
        hidden
        accept={ACCEPT}
        aria-label={t("picture.add")}
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      {failure && (
        <span role="alert" className="hint bad-text">
          {failure}
        </span>
      )}
      {value && (
        <label className="field">
          <span className="label">{t("picture.alt")}</span>
          <input
            className="input"
            maxLength={500}
            disabled={disabled}
            value={value.alt ?? ""}
            onChange={({ target }) => {
              const { alt: _before, ...rest } = value;
              onChange({ ...rest, ...(target.value && { alt: target.value }) });
            }}
          />
          <span className="hint">{t("picture.altHint")}</span>
        </label>
      )}
    </div>
  );
}

/** Ours by a link that ends; what lies elsewhere is only named, so that editing tells no third party. */
function Thumbnail({ picture }: { readonly picture: AnswerImage }) {
  const { fileId } = picture;
  const { data } = useQuery({
    queryKey: ["picture", fileId],
    enabled: fileId !== undefined,
    staleTime: 300_000,
    queryFn: ({ signal }) => get<{ readonly url: string }>(`/v1/knowledge/pictures/${fileId}`, { signal }),
  });
  if (picture.url !== undefined) return <span className="clip">{picture.url}</span>;
  if (data === undefined) return <Icon name="image" />;
  return <img className="picture-thumb" src={data.url} alt={picture.alt ?? ""} />;
}
