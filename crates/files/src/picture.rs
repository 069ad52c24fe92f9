//! Pictures: decoded within limits and written anew from their points alone, so that nothing else of the file is kept (where
//! it was taken, with what, by whom; profiles, comments, whatever lies behind its end), upright and no larger than needed.

use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use service::{FieldProblem, MediaType};
use zeroize::Zeroizing;

/// Most points along a side of what is decoded.
const MAX_SIDE: u32 = 16_000;
/// Most bytes that decoding may take.
const MAX_DECODED_BYTES: u64 = 256 * 1024 * 1024;
/// Points along the longer side of what is kept.
const KEPT_SIDE: u32 = 1_600;
/// The same of the small one.
const SMALL_SIDE: u32 = 160;
/// Of 100.
const JPEG_QUALITY: u8 = 88;

/// One at a time, so that ten that come together do not take ten times the memory.
static DECODING: Mutex<()> = Mutex::new(());

/// A picture as it is kept.
pub(crate) struct Stripped {
    pub(crate) whole: Zeroizing<Vec<u8>>,
    pub(crate) small: Zeroizing<Vec<u8>>,
}

/// Decodes and writes anew.
pub(crate) fn strip(bytes: &[u8], media: &MediaType) -> Result<Stripped, FieldProblem> {
    let _one = DECODING.lock().unwrap_or_else(PoisonError::into_inner);
    let format = ImageFormat::from_mime_type(media.media).ok_or(FieldProblem::FileForm)?;
    let picture = decode(bytes, format)?;
    let kept = within(&picture, KEPT_SIDE);
    let small = within(&picture, SMALL_SIDE);
    drop(picture);
    Ok(Stripped { whole: encode(&kept, format)?, small: encode(&small, format)? })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, FieldProblem> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let told = |error: ImageError| match error {
        ImageError::Limits(_) => FieldProblem::PictureTooLarge,
        _ => FieldProblem::NotAPicture,
    };
    let mut decoder = reader.into_decoder().map_err(told)?;
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(FieldProblem::PictureTooLarge);
    }
    let orientation = decoder.orientation().map_err(told)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(told)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn within(picture: &DynamicImage, side: u32) -> DynamicImage {
    if picture.width() <= side && picture.height() <= side {
        return picture.clone();
    }
    picture.resize(side, side, FilterType::Triangle)
}

fn encode(picture: &DynamicImage, format: ImageFormat) -> Result<Zeroizing<Vec<u8>>, FieldProblem> {
    let mut bytes = Vec::new();
    let written = match format {
        ImageFormat::Jpeg => {
            let plain = DynamicImage::from(picture.to_rgb8());
            plain.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))
        }
        ImageFormat::WebP => {
            DynamicImage::from(picture.to_rgba8()).write_with_encoder(WebPEncoder::new_lossless(&mut bytes))
        }
        _ => DynamicImage::from(picture.to_rgba8()).write_with_encoder(PngEncoder::new(&mut bytes)),
    };
    written.map_err(|_| FieldProblem::NotAPicture)?;
    Ok(Zeroizing::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(of: &str) -> &'static MediaType {
        MediaType::named(of).unwrap()
    }

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let points = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 99]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(points).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A JPEG with an EXIF part: turned by a quarter (orientation 6), a maker, and a place in GPS tags.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
        tiff.extend([0, 3]);
        tiff.extend([0x01, 0x0f, 0, 2, 0, 0, 0, 8, 0, 0, 0, 50]);
        tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
        tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 58]);
        tiff.extend([0, 0, 0, 0]);
        assert_eq!(tiff.len(), 50);
        tiff.extend(b"MAKERCAN");
        tiff.extend([0, 1, 0, 1, 0, 2, 0, 0, 0, 2, b'N', 0, 0, 0, 0, 0, 0, 0]);
        tiff.extend(b"GPSCANARY59.3293");
        let mut part = b"Exif\0\0".to_vec();
        part.extend(tiff);
        let mut all = jpeg[..2].to_vec();
        all.extend([0xff, 0xe1]);
        all.extend(((part.len() + 2) as u16).to_be_bytes());
        all.extend(part);
        let comment = b"COMMENTCANARY";
        all.extend([0xff, 0xfe]);
        all.extend(((comment.len() + 2) as u16).to_be_bytes());
        all.extend(comment);
        all.extend(&jpeg[2..]);
        all.extend(b"TAILCANARY");
        all
    }

    fn holds(bytes: &[u8], what: &[u8]) -> bool {
        bytes.windows(what.len()).any(|window| window == what)
    }

    #[test]
    fn nothing_that_the_camera_wrote_is_kept_and_the_picture_stands_upright() {
        let sent = with_exif(&picture(40, 20, ImageFormat::Jpeg));
        let canaries: [&[u8]; 5] = [b"Exif", b"MAKERCAN", b"GPSCANARY", b"COMMENTCANARY", b"TAILCANARY"];
        assert!(canaries.iter().all(|canary| holds(&sent, canary)));
        let kept = strip(&sent, media("image/jpeg")).unwrap();
        for bytes in [&kept.whole, &kept.small] {
            assert!(canaries.iter().all(|canary| !holds(bytes, canary)));
            let read = image::load_from_memory(bytes).unwrap();
            assert_eq!((read.width(), read.height()), (20, 40));
        }
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_every_form_stays_its_own() {
        for (of, format) in
            [("image/jpeg", ImageFormat::Jpeg), ("image/png", ImageFormat::Png), ("image/webp", ImageFormat::WebP)]
        {
            let kept = strip(&picture(3_200, 400, format), media(of)).unwrap();
            assert_eq!(image::guess_format(&kept.whole).unwrap(), format);
            let (whole, small) =
                (image::load_from_memory(&kept.whole).unwrap(), image::load_from_memory(&kept.small).unwrap());
            assert_eq!((whole.width(), whole.height(), small.width()), (1_600, 200, 160));
        }
    }

    #[test]
    fn what_is_no_picture_and_what_is_too_large_to_decode_is_refused() {
        let check = |bytes: &[u8], of: &str, problem: FieldProblem| {
            assert_eq!(strip(bytes, media(of)).err(), Some(problem));
        };
        check(b"\xff\xd8\xff\xe0 no picture at all", "image/jpeg", FieldProblem::NotAPicture);
        let png = picture(40, 20, ImageFormat::Png);
        check(&png[..png.len() / 2], "image/png", FieldProblem::NotAPicture);
        check(b"", "image/png", FieldProblem::NotAPicture);
        // Few bytes that claim 60,000 times 60,000 points.
        let mut bomb = png;
        bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        let refused = strip(&bomb, media("image/png")).err();
        assert!(matches!(refused, Some(FieldProblem::PictureTooLarge | FieldProblem::NotAPicture)), "{refused:?}");
    }
}
