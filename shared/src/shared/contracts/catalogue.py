"""Every event type and the shape of its data: the one list that schemas, golden payloads and readers use."""

from collections.abc import Mapping

import msgspec

from shared.contracts import certificates, hours, points, verification
from shared.contracts.envelope import Event, Fact

SHAPES: Mapping[str, type[Fact]] = {
    "points.awarded.v1": points.PointsAwarded,
    "points.reversed.v1": points.PointsReversed,
    "points.expired.v1": points.PointsExpired,
    "points.expiry_reversed.v1": points.PointsExpiryReversed,
    "points.exchanged.v1": points.PointsExchanged,
    "points.exchange_refused.v1": points.PointsExchangeRefused,
    "points.exchange_settled.v1": points.PointsExchangeSettled,
    "points.exchange_refunded.v1": points.PointsExchangeRefunded,
    "points.exchange_recalled.v1": points.PointsExchangeRecalled,
    "points.year_closed.v1": points.PointsYearClosed,
    "points.swept.v1": points.PointsSwept,
    "organisation.registered.v1": hours.OrganisationRegistered,
    "organisation.changed.v1": hours.OrganisationChanged,
    "organisation.abolished.v1": hours.OrganisationAbolished,
    "teacher.registered.v1": hours.TeacherRegistered,
    "teacher.changed.v1": hours.TeacherChanged,
    "teacher.transferred.v1": hours.TeacherTransferred,
    "teacher.removed.v1": hours.TeacherRemoved,
    "hours.posted.v1": hours.HoursPosted,
    "hours.reversed.v1": hours.HoursReversed,
    "hours.deducted.v1": hours.HoursDeducted,
    "hours.carried_over.v1": hours.HoursCarriedOver,
    "hours.exchange_posted.v1": hours.HoursExchangePosted,
    "hours.exchange_refused.v1": hours.HoursExchangeRefused,
    "hours.exchange_reversed.v1": hours.HoursExchangeReversed,
    "hours.year_closed.v1": hours.HoursYearClosed,
    "hours.year_reopened.v1": hours.HoursYearReopened,
    "waiver.granted.v1": hours.WaiverGranted,
    "waiver.ended.v1": hours.WaiverEnded,
    "verification.predicted.v1": verification.VerificationPredicted,
    "verification.submitted.v1": verification.VerificationSubmitted,
    "verification.answer_overdue.v1": verification.VerificationAnswerOverdue,
    "verification.passed.v1": verification.VerificationPassed,
    "verification.failed.v1": verification.VerificationFailed,
    "verification.revoked.v1": verification.VerificationRevoked,
    "verification.doubted.v1": verification.VerificationDoubted,
    "cycle.passed.v1": verification.CyclePassed,
    "cycle.failed.v1": verification.CycleFailed,
    "cycle.revoked.v1": verification.CycleRevoked,
    "verification.discrepancy_opened.v1": verification.DiscrepancyOpened,
    "verification.discrepancy_closed.v1": verification.DiscrepancyClosed,
    "certificate.reserved.v1": certificates.CertificateReserved,
    "certificate.issued.v1": certificates.CertificateIssued,
    "certificate.superseded.v1": certificates.CertificateSuperseded,
    "certificate.suspended.v1": certificates.CertificateStateChanged,
    "certificate.reinstated.v1": certificates.CertificateStateChanged,
    "certificate.revoked.v1": certificates.CertificateStateChanged,
    "certificate.expired.v1": certificates.CertificateStateChanged,
}


def parse(event: Event) -> Fact | None:
    """The data of an event in its shape, or None for a type this version does not know.

    Raises:
        msgspec.ValidationError: the payload does not fit its type's shape.
    """
    shape = SHAPES.get(event.type)
    return None if shape is None else msgspec.json.decode(event.data, type=shape)
